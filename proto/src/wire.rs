//! What exactly is wrong with bytes that are not the canonical encoding of an action.
//!
//! Runs only after prost has refused bytes, or encoded them otherwise: it reads the wire format itself
//! (<https://protobuf.dev/programming-guides/encoding/>) beside the schema, and names the first field
//! that is at fault.

use prost_reflect::{FieldDescriptor, Kind, MessageDescriptor};

use crate::{
    malformed::{EncodingFault, Malformed, MalformedReason, Within},
    pool,
};

/// Bytes that prost cannot decode: the same fault, with the field named where it is found.
pub(crate) fn not_protobuf(bytes: &[u8], error: &prost::DecodeError) -> Malformed {
    let field = match walk_action(bytes, Seek::Any) {
        Err(fault) if fault.code() == "NOT_PROTOBUF" => fault.field().to_owned(),
        _ => String::new(),
    };
    Malformed::at(MalformedReason::NotProtobuf(error.to_string()), field)
}

/// Bytes that prost decodes and would encode otherwise: an unknown field if there is one, since that
/// is what its sender must know, else the first other encoding.
pub(crate) fn not_canonical(bytes: &[u8]) -> Malformed {
    let other = || MalformedReason::NotCanonical(EncodingFault::Other).into();
    walk_action(bytes, Seek::Unknown)
        .and_then(|()| walk_action(bytes, Seek::Any))
        .err()
        .unwrap_or_else(other)
}

/// What to stop at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Seek {
    /// Unknown fields only (and what is no protobuf at all).
    Unknown,
    /// Whatever is not canonical.
    Any,
}

type Walked<T> = Result<T, Malformed>;

fn walk_action(bytes: &[u8], seek: Seek) -> Walked<()> {
    let action = pool()
        .get_message_by_name("governance.v1.Action")
        .expect("the schema has Action: it is what this crate is built from");
    Walk { seek }.message(&action, bytes)
}

struct Walk {
    seek: Seek,
}

/// A field's value, by wire type.
enum Value<'a> {
    Varint(u64),
    Fixed,
    Bytes(&'a [u8]),
}

/// What has been seen of one message so far.
#[derive(Default)]
struct Seen {
    last_number: u32,
    oneofs: Vec<String>,
    /// Items so far of the list being read.
    items: usize,
}

impl Walk {
    fn fault(&self, fault: EncodingFault) -> Walked<()> {
        match self.seek {
            Seek::Unknown => Ok(()),
            Seek::Any => Err(MalformedReason::NotCanonical(fault).into()),
        }
    }

    fn fault_if(&self, is_fault: bool, fault: EncodingFault) -> Walked<()> {
        if is_fault { self.fault(fault) } else { Ok(()) }
    }

    fn message(&self, schema: &MessageDescriptor, mut bytes: &[u8]) -> Walked<()> {
        let mut seen = Seen::default();
        while !bytes.is_empty() {
            let key = self.varint(&mut bytes)?;
            let number = u32::try_from(key >> 3).map_err(|_| broken("field number too large"))?;
            let Some(field) = schema.get_field(number) else {
                return Err(MalformedReason::UnknownField { number }).within(&number.to_string());
            };
            let value = self.value(&mut bytes, key & 7).within(field.name())?;
            self.field(&field, &mut seen, &value)?;
        }
        Ok(())
    }

    fn field(&self, field: &FieldDescriptor, seen: &mut Seen, value: &Value<'_>) -> Walked<()> {
        let number = field.number();
        let again = number == seen.last_number;
        if !again {
            seen.items = 0;
        }
        self.fault_if(number < seen.last_number, EncodingFault::OutOfOrder)
            .within(field.name())?;
        seen.last_number = seen.last_number.max(number);
        if field.is_list() {
            return self.list_item(field, seen, value).within(field.name());
        }
        self.fault_if(again, EncodingFault::Repeated)
            .within(field.name())?;
        self.oneof(field, seen).within(field.name())?;
        self.single(field, value, !field.supports_presence())
            .within(field.name())
    }

    fn oneof(&self, field: &FieldDescriptor, seen: &mut Seen) -> Walked<()> {
        let Some(oneof) = field.containing_oneof() else {
            return Ok(());
        };
        let name = oneof.name().to_owned();
        self.fault_if(seen.oneofs.contains(&name), EncodingFault::Repeated)?;
        seen.oneofs.push(name);
        Ok(())
    }

    fn list_item(&self, field: &FieldDescriptor, seen: &mut Seen, value: &Value<'_>) -> Walked<()> {
        let at = seen.items;
        seen.items += 1;
        if !field.is_packed() {
            return self.single(field, value, false).within_item(at);
        }
        let Value::Bytes(mut packed) = *value else {
            return self.fault(EncodingFault::NotPacked);
        };
        self.fault_if(at > 0, EncodingFault::NotPacked)?;
        self.fault_if(packed.is_empty(), EncodingFault::ExplicitDefault)?;
        let mut at = 0;
        while !packed.is_empty() {
            let item = self.varint(&mut packed).within_item(at)?;
            self.number(&field.kind(), item).within_item(at)?;
            at += 1;
        }
        Ok(())
    }

    /// A value that is not a list; `implicit` where a default is encoded by leaving it out.
    fn single(&self, field: &FieldDescriptor, value: &Value<'_>, implicit: bool) -> Walked<()> {
        let kind = field.kind();
        match *value {
            Value::Bytes(bytes) => {
                self.fault_if(implicit && bytes.is_empty(), EncodingFault::ExplicitDefault)?;
                match kind {
                    Kind::Message(schema) => self.message(&schema, bytes),
                    Kind::String if std::str::from_utf8(bytes).is_err() => Err(broken("not UTF-8")),
                    Kind::String | Kind::Bytes => Ok(()),
                    _ => Err(broken("wrong wire type")),
                }
            }
            Value::Varint(number) => {
                if matches!(kind, Kind::Message(_) | Kind::String | Kind::Bytes) {
                    return Err(broken("wrong wire type"));
                }
                self.fault_if(implicit && number == 0, EncodingFault::ExplicitDefault)?;
                self.number(&kind, number)
            }
            Value::Fixed => Err(broken("wrong wire type")),
        }
    }

    /// Whether a varint fits its field, which runtimes otherwise cut silently.
    fn number(&self, kind: &Kind, number: u64) -> Walked<()> {
        let max = match kind {
            Kind::Bool => 1,
            Kind::Uint32 | Kind::Sint32 => u64::from(u32::MAX),
            // Negative numbers are sign-extended to 64 bits.
            Kind::Int32 | Kind::Enum(_) => {
                let fits = i32::try_from(number.cast_signed()).is_ok();
                return self.fault_if(!fits, EncodingFault::OutOfRange);
            }
            _ => u64::MAX,
        };
        self.fault_if(number > max, EncodingFault::OutOfRange)
    }

    fn value<'a>(&self, bytes: &mut &'a [u8], wire_type: u64) -> Walked<Value<'a>> {
        match wire_type {
            0 => self.varint(bytes).map(Value::Varint),
            1 => take(bytes, 8).map(|_| Value::Fixed),
            2 => {
                let len = self.varint(bytes)?;
                take(bytes, len).map(Value::Bytes)
            }
            5 => take(bytes, 4).map(|_| Value::Fixed),
            _ => Err(broken("wire type not used since proto2")),
        }
    }

    fn varint(&self, bytes: &mut &[u8]) -> Walked<u64> {
        let mut number = 0_u64;
        for at in 0..10 {
            let (byte, rest) = bytes.split_first().ok_or_else(|| broken("cut short"))?;
            *bytes = rest;
            if at == 9 && *byte > 1 {
                return Err(broken("varint too large"));
            }
            number |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                self.fault_if(at > 0 && *byte == 0, EncodingFault::LongVarint)?;
                return Ok(number);
            }
        }
        Err(broken("varint too long"))
    }
}

fn take<'a>(bytes: &mut &'a [u8], len: u64) -> Walked<&'a [u8]> {
    let taken = usize::try_from(len)
        .ok()
        .and_then(|len| bytes.split_at_checked(len));
    let (value, rest) = taken.ok_or_else(|| broken("cut short"))?;
    *bytes = rest;
    Ok(value)
}

fn broken(what: &str) -> Malformed {
    MalformedReason::NotProtobuf(what.to_owned()).into()
}
