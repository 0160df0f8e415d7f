//! Tokens as they are kept: without their secrets.

use sqlx::any::AnyRow;
use sqlx::{Any, Row, Transaction};

use super::{Register, unavailable};
use crate::access::{Action, Role, Token};
use crate::problem::{Answer, NOT_FOUND, Problem};

impl Register {
    /// Every token that was ever given out.
    pub(crate) async fn tokens(&self) -> Answer<Vec<Token>> {
        let rows = sqlx::query(
            "SELECT id, name, role, scopes, made_at, expires_at, revoked_at, secret_sha256 \
             FROM tokens ORDER BY made_at, id",
        )
        .fetch_all(&self.pool)
        .await
        .map_err(|error| unavailable(&error))?;
        let tokens: Result<Vec<Option<Token>>, sqlx::Error> = rows.iter().map(of_row).collect();
        let tokens = tokens.map_err(|error| unavailable(&error))?;
        Ok(tokens.into_iter().flatten().collect())
    }
}

/// A token; none if this program does not know its role or one of its scopes, so that it opens nothing.
fn of_row(row: &AnyRow) -> Result<Option<Token>, sqlx::Error> {
    let role: String = row.try_get(2)?;
    let scopes: String = row.try_get(3)?;
    let scopes: Option<Vec<Action>> = scopes.split_whitespace().map(Action::parse).collect();
    let (Some(role), Some(scopes)) = (Role::parse(&role), scopes) else {
        return Ok(None);
    };
    let stated = |at: usize| -> Result<Option<String>, sqlx::Error> {
        let text: String = row.try_get(at)?;
        Ok((!text.is_empty()).then_some(text))
    };
    Ok(Some(Token {
        id: row.try_get(0)?,
        name: row.try_get(1)?,
        role,
        scopes,
        made_at: row.try_get(4)?,
        expires_at: stated(5)?,
        revoked_at: stated(6)?,
        secret_sha256: row.try_get(7)?,
    }))
}

pub(super) async fn put(
    transaction: &mut Transaction<'_, Any>,
    token: &Token,
) -> Result<(), sqlx::Error> {
    let scopes: Vec<&str> = token.scopes.iter().map(|scope| scope.code()).collect();
    sqlx::query(
        "INSERT INTO tokens (id, name, role, scopes, made_at, expires_at, revoked_at, secret_sha256) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
    )
    .bind(&token.id)
    .bind(&token.name)
    .bind(token.role.code())
    .bind(scopes.join(" "))
    .bind(&token.made_at)
    .bind(token.expires_at.clone().unwrap_or_default())
    .bind("")
    .bind(&token.secret_sha256)
    .execute(&mut **transaction)
    .await?;
    Ok(())
}

/// Revokes a token; a problem where there is none that was not revoked before.
pub(super) async fn revoke(
    transaction: &mut Transaction<'_, Any>,
    id: &str,
    now: &str,
) -> Result<Answer<()>, sqlx::Error> {
    let revoked =
        sqlx::query("UPDATE tokens SET revoked_at = $1 WHERE id = $2 AND revoked_at = ''")
            .bind(now)
            .bind(id)
            .execute(&mut **transaction)
            .await?;
    if revoked.rows_affected() > 0 {
        return Ok(Ok(()));
    }
    let detail = "no token of this number that is not revoked";
    Ok(Err(Problem::new(&NOT_FOUND, detail)))
}
