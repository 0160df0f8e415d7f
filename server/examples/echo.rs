//! The least that a service can do: it reads the same JSON as `POST /v1/screenings`, and sends it back. The
//! service's speed is stated against it.

use std::net::SocketAddr;

use axum::routing::post;
use axum::{Json, Router};
use serde_json::Value;

#[tokio::main]
async fn main() -> std::io::Result<()> {
    let stated = std::env::args().nth(1);
    let address = stated.unwrap_or_else(|| "127.0.0.1:8081".to_owned());
    let address: SocketAddr = address.parse().map_err(std::io::Error::other)?;
    let router = Router::new().route("/", post(|Json(sent): Json<Value>| async { Json(sent) }));
    axum_server::bind(address)
        .http1_only()
        .serve(router.into_make_service())
        .await
}
