//! Compressed tables: gzip and zstd.

use std::io::{self, BufRead, Read, Write};
use std::path::Path;

use flate2::bufread::MultiGzDecoder;
use flate2::write::GzEncoder;

/// How the bytes of a file are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compression {
    /// Not at all.
    None,
    /// As gzip does.
    Gzip,
    /// As zstd does.
    Zstd,
}

impl Compression {
    /// What the ending of a file's name says.
    pub fn of_name(path: &Path) -> Self {
        let ending = path.extension().and_then(|ending| ending.to_str());
        match ending.map(str::to_ascii_lowercase).as_deref() {
            Some("gz") => Self::Gzip,
            Some("zst" | "zstd") => Self::Zstd,
            _ => Self::None,
        }
    }

    /// What the first bytes of a file say, whatever its name.
    fn of_start(start: &[u8]) -> Self {
        if start.starts_with(b"\x1f\x8b") {
            Self::Gzip
        } else if start.starts_with(b"\x28\xb5\x2f\xfd") {
            Self::Zstd
        } else {
            Self::None
        }
    }

    /// Adds bytes to a file in the making, as a part that can be unpacked by itself.
    ///
    /// Such parts one after the other are a file of their kind, and equal bytes in equal parts give equal
    /// files: so a file can be gone on with after an interruption, and parts made at the same time.
    pub(crate) fn pack(self, bytes: &[u8], out: &mut Vec<u8>) -> io::Result<()> {
        match self {
            Self::None => out.write_all(bytes),
            Self::Gzip => {
                let mut packer = GzEncoder::new(out, flate2::Compression::new(6));
                packer.write_all(bytes)?;
                packer.finish().map(|_| ())
            }
            Self::Zstd => zstd::stream::copy_encode(bytes, out, 0),
        }
    }
}

/// Unpacks what is packed, by its first bytes.
pub(crate) fn unpacked<'r>(
    mut packed: impl BufRead + Send + 'r,
) -> io::Result<Box<dyn Read + Send + 'r>> {
    Ok(match Compression::of_start(packed.fill_buf()?) {
        Compression::None => Box::new(packed),
        Compression::Gzip => Box::new(MultiGzDecoder::new(packed)),
        Compression::Zstd => Box::new(zstd::Decoder::with_buffer(packed)?),
    })
}

#[cfg(test)]
mod tests {
    use super::{Compression, unpacked};
    use std::io::Read;

    #[test]
    fn parts_are_unpacked_as_one_and_a_cut_is_noticed() {
        for compression in [Compression::Gzip, Compression::Zstd] {
            let mut packed = Vec::new();
            for part in ["year,hs6\n", "", "2023,851762\n"] {
                compression.pack(part.as_bytes(), &mut packed).unwrap();
            }
            let mut text = String::new();
            let mut reader = unpacked(packed.as_slice()).unwrap();
            reader.read_to_string(&mut text).unwrap();
            assert_eq!(text, "year,hs6\n2023,851762\n");
            let cut = &packed[..packed.len() - 5];
            let mut reader = unpacked(cut).unwrap();
            assert!(reader.read_to_string(&mut text).is_err(), "{compression:?}");
        }
    }
}
