//! Requests from the parameters of an address: `?body=owners&outcome=OUTCOME_ADOPTED`.

use prost::{Message, Name};
use prost_reflect::{DynamicMessage, FieldDescriptor, Kind, ReflectMessage as _, Value};

/// A parameter that is no field of the request, or cannot have its value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {why}")]
pub struct ParameterError {
    /// The parameter.
    pub field: String,
    /// What is wrong with it.
    pub why: String,
}

/// The request that these names and values say. Names are proto field names, those of a message within it after a
/// dot (`moment.at_index`); only single numbers, texts, truth values and enums (by name) can be given so. An empty
/// value is left out, and the last of two counts.
pub fn message_from_parameters<M: Message + Name + Default>(
    parameters: &[(String, String)],
) -> Result<M, ParameterError> {
    let schema = crate::pool()
        .get_message_by_name(&M::full_name())
        .ok_or_else(|| error(&M::full_name(), "the schema has no such message"))?;
    let mut message = DynamicMessage::new(schema.clone());
    for (name, text) in parameters.iter().filter(|(_, text)| !text.is_empty()) {
        set(&mut message, name, text).map_err(|why| error(name, &why))?;
    }
    message
        .transcode_to()
        .map_err(|cause| error(&M::full_name(), &cause.to_string()))
}

/// Sets the field of this name, or the one within another that the name leads to.
fn set(message: &mut DynamicMessage, name: &str, text: &str) -> Result<(), String> {
    let (outer, within) = match name.split_once('.') {
        Some((outer, within)) => (outer, Some(within)),
        None => (name, None),
    };
    let field = message
        .descriptor()
        .get_field_by_name(outer)
        .ok_or("there is no such parameter")?;
    let Some(within) = within else {
        let value = value(&field, text)?;
        message.set_field(&field, value);
        return Ok(());
    };
    match message.get_field_mut(&field) {
        Value::Message(inner) => set(inner, within, text),
        _ => Err("there is no such parameter".to_owned()),
    }
}

fn error(field: &str, why: &str) -> ParameterError {
    ParameterError {
        field: field.to_owned(),
        why: why.to_owned(),
    }
}

fn value(field: &FieldDescriptor, text: &str) -> Result<Value, String> {
    if field.is_list() || field.is_map() {
        return Err("a list cannot be given as a parameter".to_owned());
    }
    let number = |_| format!("\"{text}\" is not a number of this size");
    match field.kind() {
        Kind::String => Ok(Value::String(text.to_owned())),
        Kind::Bool => text
            .parse()
            .map(Value::Bool)
            .map_err(|_| "true or false".to_owned()),
        Kind::Uint32 => text.parse().map(Value::U32).map_err(number),
        Kind::Uint64 => text.parse().map(Value::U64).map_err(number),
        Kind::Enum(values) => values
            .get_value_by_name(text)
            .map(|value| Value::EnumNumber(value.number()))
            .ok_or_else(|| {
                let names: Vec<String> = values.values().map(|v| v.name().to_owned()).collect();
                format!("not one of {}", names.join(", "))
            }),
        _ => Err("cannot be given as a parameter".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::v1;

    fn of(pairs: &[(&str, &str)]) -> Result<v1::ListDecisionsRequest, ParameterError> {
        let pairs: Vec<_> = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        message_from_parameters(&pairs)
    }

    #[test]
    fn parameters_say_a_request() {
        let request = of(&[
            ("ledger", "a"),
            ("page_size", "7"),
            ("outcome", "OUTCOME_REJECTED"),
            ("body", ""),
            ("page_size", "9"),
        ]);
        let request = request.unwrap();
        assert_eq!((request.ledger.as_str(), request.page_size), ("a", 9));
        assert_eq!(request.outcome(), v1::Outcome::Rejected);
        assert!(request.body.is_empty());
    }

    #[test]
    fn a_dot_leads_into_a_message() {
        let request = of(&[("moment.min_index", "3"), ("moment.at_time_ms", "9")]).unwrap();
        let moment = request.moment.unwrap();
        assert_eq!(moment.min_index, 3);
        assert_eq!(moment.as_of, Some(v1::moment::AsOf::AtTimeMs(9)));
        assert_eq!(of(&[("moment.min_index", "")]).unwrap().moment, None);
    }

    #[test]
    fn what_is_no_field_or_no_value_is_named() {
        for (pair, field) in [
            (("nonsense", "1"), "nonsense"),
            (("page_size", "-1"), "page_size"),
            (("page_size", "4294967296"), "page_size"),
            (("outcome", "1"), "outcome"),
            (("moment", "1"), "moment"),
            (("moment.nonsense", "1"), "moment.nonsense"),
            (("moment.at_index", "-1"), "moment.at_index"),
            (("ledger.at_index", "1"), "ledger.at_index"),
        ] {
            assert_eq!(of(&[pair]).unwrap_err().field, field);
        }
    }

    #[test]
    fn what_is_no_single_value_cannot_be_given() {
        let key = [("key".to_owned(), "abc".to_owned())];
        let error = message_from_parameters::<v1::GetPersonRequest>(&key).unwrap_err();
        assert_eq!(error.field, "key");
    }
}
