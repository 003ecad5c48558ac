//! Protobuf fields as they lie in memory. Nothing is copied and nothing panics. Not a general decoder: it knows no schema.

/// The outcome of reading bytes; the text says what is wrong with them.
pub type Wire<T> = Result<T, &'static str>;

const CUT: &str = "a field is cut short";

/// The value of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireValue<'a> {
    /// A whole number.
    Number(u64),
    /// Text, a message or packed numbers.
    Bytes(&'a [u8]),
    /// A kind of value that OSM files do not use; skipped.
    Other,
}

/// Takes a whole number off the front.
pub fn varint(rest: &mut &[u8]) -> Wire<u64> {
    let mut value = 0u64;
    for (i, &b) in rest.iter().enumerate().take(10) {
        value |= u64::from(b & 0x7f) << (7 * i);
        if b < 0x80 {
            *rest = &rest[i + 1..];
            return Ok(value);
        }
    }
    Err(if rest.len() < 10 { CUT } else { "a number is longer than 64 bits" })
}

/// A signed number from its zigzag form.
pub fn zigzag(v: u64) -> i64 {
    (v >> 1) as i64 ^ -((v & 1) as i64)
}

/// Takes the next field of a message off the front: its number and value. `None` at the end.
pub fn field<'a>(rest: &mut &'a [u8]) -> Wire<Option<(u64, WireValue<'a>)>> {
    if rest.is_empty() {
        return Ok(None);
    }
    let key = varint(rest)?;
    let value = match key & 7 {
        0 => WireValue::Number(varint(rest)?),
        2 => {
            let len = usize::try_from(varint(rest)?).map_err(|_| CUT)?;
            WireValue::Bytes(take(rest, len)?)
        }
        1 => take(rest, 8).map(|_| WireValue::Other)?,
        5 => take(rest, 4).map(|_| WireValue::Other)?,
        _ => return Err("a field is of a kind that does not exist"),
    };
    Ok(Some((key >> 3, value)))
}

fn take<'a>(rest: &mut &'a [u8], len: usize) -> Wire<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(len).ok_or(CUT)?;
    *rest = tail;
    Ok(head)
}

/// Appends the numbers of a repeated field, packed or single.
pub fn numbers(value: WireValue<'_>, out: &mut Vec<u64>) -> Wire<()> {
    match value {
        WireValue::Number(v) => out.push(v),
        WireValue::Bytes(mut rest) => {
            while !rest.is_empty() {
                out.push(varint(&mut rest)?);
            }
        }
        WireValue::Other => {}
    }
    Ok(())
}

/// Appends the numbers of a repeated field in which each is the difference to the one before.
pub fn deltas(value: WireValue<'_>, out: &mut Vec<i64>) -> Wire<()> {
    let mut last = out.last().copied().unwrap_or(0);
    match value {
        WireValue::Number(v) => out.push(last.wrapping_add(zigzag(v))),
        WireValue::Bytes(mut rest) => {
            while !rest.is_empty() {
                last = last.wrapping_add(zigzag(varint(&mut rest)?));
                out.push(last);
            }
        }
        WireValue::Other => {}
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_every_length() {
        let mut rest: &[u8] = &[0x05, 0xac, 0x02, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01];
        // The protobuf guide's own example: 0xac 0x02 is 300.
        assert_eq!([varint(&mut rest), varint(&mut rest), varint(&mut rest)], [Ok(5), Ok(300), Ok(u64::MAX)]);
        assert!(varint(&mut rest).is_err());
        assert!(varint(&mut &[0xff; 11][..]).is_err());
    }

    #[test]
    fn zigzag_alternates_around_zero() {
        assert_eq!([0, 1, 2, 3, u64::MAX].map(zigzag), [0, -1, 1, -2, i64::MIN]);
    }

    #[test]
    fn fields_are_taken_one_by_one_and_a_cut_is_an_error() {
        let mut rest: &[u8] = &[0x08, 0x07, 0x12, 0x02, b'h', b'i', 0x1d, 1, 2, 3, 4];
        assert_eq!(field(&mut rest), Ok(Some((1, WireValue::Number(7)))));
        assert_eq!(field(&mut rest), Ok(Some((2, WireValue::Bytes(b"hi")))));
        assert_eq!(field(&mut rest), Ok(Some((3, WireValue::Other))));
        assert_eq!(field(&mut rest), Ok(None));
        assert!(field(&mut &[0x12, 0x7f, b'h'][..]).is_err());
        assert!(field(&mut &[0x0b][..]).is_err());
    }

    #[test]
    fn deltas_go_on_where_the_field_is_split() {
        let mut out = Vec::new();
        deltas(WireValue::Bytes(&[0x14, 0x02]), &mut out).unwrap(); // +10, +1
        deltas(WireValue::Bytes(&[0x01]), &mut out).unwrap(); // -1
        assert_eq!(out, [10, 11, 10]);
    }
}
