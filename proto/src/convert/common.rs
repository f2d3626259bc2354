//! What every family shares: ids, bytes, lists, texts, capacities, contents.

use std::str::FromStr;

use governance::{
    action::{Attestor, Basis, Capacity, Content},
    calendar::Date,
    ids::{Digest, InvalidId, Leaf, PublicKey},
};

use crate::{
    limits::{CITATION_LEN_MAX, CONTENT_LEN_MAX, MEDIA_TYPE_LEN_MAX},
    malformed::{InvalidField, Malformed, MalformedReason, Within},
    text, v1,
};

/// An id that must be given.
pub(crate) fn id<T: FromStr<Err = InvalidId>>(text: &str) -> Result<T, Malformed> {
    if text.is_empty() {
        return Err(MalformedReason::FieldMissing.into());
    }
    Ok(text.parse()?)
}

/// An id that may be absent.
pub(crate) fn optional_id<T: FromStr<Err = InvalidId>>(text: &str) -> Result<Option<T>, Malformed> {
    if text.is_empty() {
        return Ok(None);
    }
    id(text).map(Some)
}

/// An optional id on the wire: empty where there is none.
pub(crate) fn optional<T: ToString>(value: Option<&T>) -> String {
    value.map(T::to_string).unwrap_or_default()
}

/// A day that must be given.
pub(crate) fn date(text: &str) -> Result<Date, Malformed> {
    if text.is_empty() {
        return Err(MalformedReason::FieldMissing.into());
    }
    Ok(text.parse::<Date>()?)
}

/// A day that may be absent.
pub(crate) fn optional_date(text: &str) -> Result<Option<Date>, Malformed> {
    if text.is_empty() {
        return Ok(None);
    }
    date(text).map(Some)
}

/// Bytes of a fixed length.
pub(crate) fn bytes<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Malformed> {
    if bytes.is_empty() {
        return Err(MalformedReason::FieldMissing.into());
    }
    bytes.try_into().map_err(|_| {
        InvalidField::Length {
            found: bytes.len(),
            expected: N,
        }
        .into()
    })
}

pub(crate) fn key(wire: &[u8]) -> Result<PublicKey, Malformed> {
    bytes(wire).map(PublicKey)
}

pub(crate) fn leaf(wire: &[u8]) -> Result<Leaf, Malformed> {
    bytes(wire).map(Leaf)
}

pub(crate) fn digest(wire: &[u8]) -> Result<Digest, Malformed> {
    bytes(wire).map(Digest)
}

/// A message that must be given.
pub(crate) fn required<T>(message: Option<T>) -> Result<T, Malformed> {
    message.ok_or_else(|| MalformedReason::FieldMissing.into())
}

/// A list of at most `max` items, each converted, an error naming the item by its position.
pub(crate) fn list<W, T>(
    items: Vec<W>,
    max: usize,
    each: impl Fn(W) -> Result<T, Malformed>,
) -> Result<Vec<T>, Malformed> {
    if items.len() > max {
        return Err(MalformedReason::TooLarge {
            found: items.len(),
            max,
            unit: "items",
        }
        .into());
    }
    items
        .into_iter()
        .enumerate()
        .map(|(at, item)| each(item).within_item(at))
        .collect()
}

/// A list of at most `max` ids.
pub(crate) fn ids<T: FromStr<Err = InvalidId>>(
    items: Vec<String>,
    max: usize,
) -> Result<Vec<T>, Malformed> {
    list(items, max, |item| id(&item))
}

/// Domain values as wire messages.
pub(crate) fn to_wire<'a, T: 'a, W: From<&'a T>>(values: &'a [T]) -> Vec<W> {
    values.iter().map(W::from).collect()
}

/// Ids as wire texts.
pub(crate) fn to_texts<T: ToString>(values: &[T]) -> Vec<String> {
    values.iter().map(T::to_string).collect()
}

/// An enum of the schema and its counterpart in the domain, variant by variant, so that the compiler
/// names one that is missing on either side.
macro_rules! wire_enum {
    ($wire:ident, $domain:ty { $($variant:ident),+ $(,)? }) => {
        impl From<$domain> for $crate::v1::$wire {
            fn from(value: $domain) -> Self {
                match value {
                    $(<$domain>::$variant => Self::$variant,)+
                }
            }
        }

        impl TryFrom<$crate::v1::$wire> for $domain {
            type Error = $crate::Malformed;

            /// Refuses the unspecified value.
            fn try_from(wire: $crate::v1::$wire) -> Result<Self, $crate::Malformed> {
                match wire {
                    $crate::v1::$wire::Unspecified => {
                        Err($crate::MalformedReason::FieldMissing.into())
                    }
                    $($crate::v1::$wire::$variant => Ok(Self::$variant),)+
                }
            }
        }

        impl $crate::convert::common::WireEnum for $domain {
            type Wire = $crate::v1::$wire;
        }
    };
}
pub(crate) use wire_enum;

/// A domain enum that travels as a number.
pub(crate) trait WireEnum: Copy + TryFrom<Self::Wire, Error = Malformed> {
    type Wire: From<Self> + Into<i32> + TryFrom<i32>;
}

/// The enum a number stands for.
pub(crate) fn enumeration<T: WireEnum>(number: i32) -> Result<T, Malformed> {
    let wire = T::Wire::try_from(number).map_err(|_| MalformedReason::UnknownEnum { number })?;
    T::try_from(wire)
}

/// The number an enum travels as.
pub(crate) fn number<T: WireEnum>(value: T) -> i32 {
    T::Wire::from(value).into()
}

impl TryFrom<v1::Capacity> for Capacity {
    type Error = Malformed;

    fn try_from(wire: v1::Capacity) -> Result<Self, Malformed> {
        Ok(Self {
            body: id(&wire.body).within("body")?,
            office: optional_id(&wire.office).within("office")?,
        })
    }
}

impl From<&Capacity> for v1::Capacity {
    fn from(capacity: &Capacity) -> Self {
        Self {
            body: capacity.body.to_string(),
            office: optional(capacity.office.as_ref()),
        }
    }
}

impl TryFrom<v1::Basis> for Basis {
    type Error = Malformed;

    fn try_from(wire: v1::Basis) -> Result<Self, Malformed> {
        if wire == v1::Basis::default() {
            return Err(InvalidField::Empty.into());
        }
        Ok(Self {
            power_item: optional_id(&wire.power_item).within("power_item")?,
            citation: text::optional(wire.citation, CITATION_LEN_MAX).within("citation")?,
        })
    }
}

impl From<&Basis> for v1::Basis {
    fn from(basis: &Basis) -> Self {
        Self {
            power_item: optional(basis.power_item.as_ref()),
            citation: basis.citation.clone(),
        }
    }
}

impl TryFrom<v1::Attestor> for Attestor {
    type Error = Malformed;

    fn try_from(wire: v1::Attestor) -> Result<Self, Malformed> {
        Ok(Self {
            person: id(&wire.person).within("person")?,
            capacity: required(wire.capacity)
                .and_then(Capacity::try_from)
                .within("capacity")?,
        })
    }
}

impl From<&Attestor> for v1::Attestor {
    fn from(attestor: &Attestor) -> Self {
        Self {
            person: attestor.person.to_string(),
            capacity: Some((&attestor.capacity).into()),
        }
    }
}

impl TryFrom<v1::Content> for Content {
    type Error = Malformed;

    fn try_from(wire: v1::Content) -> Result<Self, Malformed> {
        Ok(Self {
            digest: digest(&wire.digest).within("digest")?,
            length: content_length(wire.length).within("length")?,
            media_type: media_type(wire.media_type).within("media_type")?,
        })
    }
}

impl From<&Content> for v1::Content {
    fn from(content: &Content) -> Self {
        Self {
            digest: content.digest.0.to_vec(),
            length: content.length,
            media_type: content.media_type.clone(),
        }
    }
}

fn content_length(length: u32) -> Result<u32, Malformed> {
    if length > CONTENT_LEN_MAX {
        return Err(MalformedReason::TooLarge {
            found: usize::try_from(length).unwrap_or(usize::MAX),
            max: usize::try_from(CONTENT_LEN_MAX).unwrap_or(usize::MAX),
            unit: "bytes",
        }
        .into());
    }
    Ok(length)
}

fn media_type(wire: String) -> Result<String, Malformed> {
    let wire = text::required(wire, MEDIA_TYPE_LEN_MAX)?;
    if is_media_type(&wire) {
        Ok(wire)
    } else {
        Err(InvalidField::MediaType.into())
    }
}

/// `type/subtype` in lower case (RFC 6838 §4.2), then parameters `; name=value` without quotes: one
/// spelling, so that equal media types are equal texts.
fn is_media_type(text: &str) -> bool {
    let mut parts = text.split("; ");
    let full = parts.next().and_then(|full| full.split_once('/'));
    full.is_some_and(|(kind, subtype)| is_restricted_name(kind) && is_restricted_name(subtype))
        && parts.all(|parameter| {
            parameter
                .split_once('=')
                .is_some_and(|(name, value)| is_restricted_name(name) && is_token(value))
        })
}

fn is_restricted_name(text: &str) -> bool {
    let first = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.bytes().next().is_some_and(first)
        && text.bytes().all(|b| first(b) || b"!#$&-^_.+".contains(&b))
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&b);
    !text.is_empty() && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_have_one_spelling() {
        for good in [
            "text/plain",
            "text/plain; charset=utf-8",
            "application/vnd.oasis.opendocument.text",
            "image/svg+xml",
            "multipart/mixed; boundary=A_b.1; charset=UTF-8",
        ] {
            assert!(is_media_type(good), "{good}");
        }
        for bad in [
            "",
            "text",
            "/plain",
            "text/",
            "Text/plain",
            "text/plain;charset=utf-8",
            "text/plain; ",
            "text/plain; charset",
            "text/plain; charset=",
            "text/plain; charset=\"utf-8\"",
            "text/plain/more",
            "text /plain",
            "-text/plain",
            "文/字",
        ] {
            assert!(!is_media_type(bad), "{bad}");
        }
    }
}
