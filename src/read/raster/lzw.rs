//! LZW strips and tiles, unpacked here by the crate `weezl` and handed to the crate `tiff` as small plain images.
//!
//! `tiff` 0.11 refuses sound LZW data whose rows end where a code does ("no lzw end code found", image-tiff issue 395), which
//! GDAL's tiles meet. It still undoes predictor and byte order, which depend on nothing but the plain bytes.

use std::io::Cursor;
use tiff::TiffResult;
use tiff::decoder::{Decoder, DecodingResult};
use tiff::tags::ByteOrder;
use weezl::{BitOrder, decode::Configuration};

/// How the values of a strip or tile are stored.
#[derive(Clone, Copy, Debug)]
pub struct Samples {
    /// Bits of a value.
    pub bits: u8,
    /// `SampleFormat`: 1 unsigned, 2 signed, 3 floating point.
    pub format: u16,
    /// `Predictor`: 1 none, 2 difference, 3 floating point.
    pub predictor: u16,
    /// Byte order of the file.
    pub order: ByteOrder,
}

/// Unpacks `packed` to a whole number of rows; `None` when it ends too early. An end code is not asked for.
pub fn unpack(packed: &[u8], bytes: usize) -> Option<Vec<u8>> {
    let mut decoder = Configuration::with_tiff_size_switch(BitOrder::Msb, 8).with_yield_on_full_buffer(true).build();
    let (mut plain, mut used, mut filled) = (vec![0; bytes], 0, 0);
    while filled < bytes {
        let step = decoder.decode_bytes(&packed[used..], &mut plain[filled..]);
        (used, filled) = (used + step.consumed_in, filled + step.consumed_out);
        if step.status.is_err() || step.consumed_in + step.consumed_out == 0 {
            break;
        }
    }
    (filled == bytes).then_some(plain)
}

/// The values of plain bytes, by way of a TIFF of one strip around them.
///
/// # Errors
/// Those of the decoder.
pub fn values(plain: &[u8], columns: u32, rows: u32, samples: Samples) -> TiffResult<DecodingResult> {
    let big = samples.order == ByteOrder::BigEndian;
    let short = |v: u16| if big { v.to_be_bytes() } else { v.to_le_bytes() };
    let long = |v: u32| if big { v.to_be_bytes() } else { v.to_le_bytes() };
    let tags: [(u16, u32); 11] = [
        (256, columns),
        (257, rows),
        (258, samples.bits.into()),
        (259, 1),   // not packed
        (262, 1),   // black is zero
        (273, 256), // where the strip begins
        (277, 1),
        (278, rows),
        (279, plain.len() as u32),
        (317, samples.predictor.into()),
        (339, samples.format.into()),
    ];
    let mut file = Vec::with_capacity(256 + plain.len());
    file.extend_from_slice(if big { b"MM" } else { b"II" });
    file.extend(short(42));
    file.extend(long(8));
    file.extend(short(tags.len() as u16));
    for (tag, value) in tags {
        file.extend(short(tag));
        file.extend(short(4)); // LONG
        file.extend(long(1));
        file.extend(long(value));
    }
    file.resize(256, 0);
    file.extend_from_slice(plain);
    Decoder::new(Cursor::new(file))?.read_chunk(0)
}
