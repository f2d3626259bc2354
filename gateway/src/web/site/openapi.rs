//! The description of the JSON addresses (`OpenAPI` 3.1), made from the schema, so that it says what is.

use std::collections::BTreeSet;

use prost_reflect::{
    Cardinality, EnumDescriptor, FieldDescriptor, Kind, MessageDescriptor, MethodDescriptor,
};
use serde_json::{Map, Value, json};

use super::api::{ENDPOINTS, Endpoint};

const SERVICE: &str = "governance.v1.QueryService";

/// The document.
pub(super) fn document() -> Value {
    let mut schemas = Schemas::default();
    let mut paths = Map::new();
    for endpoint in ENDPOINTS {
        if let Some(method) = method(endpoint) {
            paths.insert(
                endpoint.path.to_owned(),
                operation(endpoint, &method, &mut schemas),
            );
        }
    }
    paths.insert("/{ledger}/entries/{index}.json".to_owned(), entry());
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "govledger",
            "version": "1",
            "description": "Public queries of a governance ledger. Answers are protobuf JSON: \
                64-bit integers are strings, bytes are base64, fields with their default value are left out. \
                Each answer names the position and the checkpoint it was computed from.",
        },
        "paths": paths,
        "components": {"schemas": schemas.written},
    })
}

fn method(endpoint: &Endpoint) -> Option<MethodDescriptor> {
    let service = proto::pool().get_service_by_name(SERVICE)?;
    let mut methods = service.methods();
    methods.find(|method| method.name() == endpoint.method)
}

fn operation(endpoint: &Endpoint, method: &MethodDescriptor, schemas: &mut Schemas) -> Value {
    let fields = method.input();
    let fields = fields.fields();
    let taken = fields.filter(|field| !endpoint.without.contains(&field.name()));
    let parameters: Vec<Value> = taken
        .flat_map(|field| parameters(endpoint, &field))
        .collect();
    let answer = schemas.refer(&method.output());
    json!({"get": {
        "operationId": method.name(),
        "summary": comment(&method.output()),
        "parameters": parameters,
        "responses": {
            "200": {"description": "The answer.", "content": {"application/json": {"schema": answer}}},
            "default": {
                "description": "A refusal with a stable reason.",
                "content": {"application/json": {"schema": {
                    "type": "object",
                    "properties": {
                        "reason": {"type": "string"},
                        "message": {"type": "string"},
                        "metadata": {"type": "object", "additionalProperties": {"type": "string"}},
                    },
                }}},
            },
        },
    }})
}

/// A field of the request as a parameter; those of a message within it go by its name, a dot and theirs.
fn parameters(endpoint: &Endpoint, field: &FieldDescriptor) -> Vec<Value> {
    let Kind::Message(within) = field.kind() else {
        return vec![parameter(endpoint, field)];
    };
    let named = |inner: FieldDescriptor| {
        let mut parameter = parameter(endpoint, &inner);
        parameter["name"] = json!(format!("{}.{}", field.name(), inner.name()));
        parameter
    };
    within.fields().map(named).collect()
}

fn parameter(endpoint: &Endpoint, field: &FieldDescriptor) -> Value {
    let in_path = endpoint.path.contains(&format!("{{{}}}", field.name()));
    json!({
        "name": field.name(),
        "in": if in_path { "path" } else { "query" },
        "required": in_path,
        "schema": scalar(&field.kind()),
    })
}

/// The one answer that is no query's: an entry with its proof.
fn entry() -> Value {
    let text = |what: &str| json!({"type": "string", "description": what});
    let path = |name: &str, schema: Value| json!({"name": name, "in": "path", "required": true, "schema": schema});
    json!({"get": {
        "operationId": "GetEntry",
        "summary": "An entry, its inclusion proof and a signed checkpoint.",
        "parameters": [
            path("ledger", json!({"type": "string"})),
            path("index", json!({"type": "integer"})),
        ],
        "responses": {"200": {"description": "The entry.", "content": {"application/json": {"schema": {
            "type": "object",
            "properties": {
                "ledger": text("The ledger's id."),
                "index": {"type": "integer"},
                "entry": text("Base64 of the entry's bytes, as hashed."),
                "leaf": text("Base64 of its leaf hash."),
                "inclusion_proof": {"type": "array", "items": text("Base64 of a hash.")},
                "checkpoint": text("Signed note of the newest checkpoint."),
                "verifier_key": text("The key that signs it."),
                "rotations": {
                    "type": "array",
                    "items": text("Base64 of an entry that exchanged the key of checkpoints, signed by the one before."),
                },
                "content": {"description": "The text beside the entry with its salt; null where there is none."},
            },
        }}}}},
    }})
}

/// The schemas of the messages met so far.
#[derive(Default)]
struct Schemas {
    met: BTreeSet<String>,
    written: Map<String, Value>,
}

impl Schemas {
    fn refer(&mut self, message: &MessageDescriptor) -> Value {
        let name = message.name().to_owned();
        if self.met.insert(name.clone()) {
            let schema = self.object(message);
            self.written.insert(name.clone(), schema);
        }
        json!({"$ref": format!("#/components/schemas/{name}")})
    }

    fn object(&mut self, message: &MessageDescriptor) -> Value {
        let fields = message.fields();
        let properties: Map<String, Value> = fields
            .map(|field| (field.name().to_owned(), self.property(&field)))
            .collect();
        json!({"type": "object", "properties": properties})
    }

    fn property(&mut self, field: &FieldDescriptor) -> Value {
        let one = match field.kind() {
            Kind::Message(message) => self.refer(&message),
            kind => scalar(&kind),
        };
        match field.cardinality() {
            Cardinality::Repeated => json!({"type": "array", "items": one}),
            _ => one,
        }
    }
}

fn scalar(kind: &Kind) -> Value {
    match kind {
        Kind::Bool => json!({"type": "boolean"}),
        Kind::Bytes => json!({"type": "string", "contentEncoding": "base64"}),
        Kind::Uint64 | Kind::Fixed64 => json!({"type": "string", "format": "uint64"}),
        Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => {
            json!({"type": "string", "format": "int64"})
        }
        Kind::Double | Kind::Float => json!({"type": "number"}),
        Kind::String => json!({"type": "string"}),
        Kind::Enum(values) => json!({"type": "string", "enum": names(values)}),
        Kind::Message(_) => json!({"type": "object"}),
        _ => json!({"type": "integer"}),
    }
}

fn names(values: &EnumDescriptor) -> Vec<String> {
    values
        .values()
        .map(|value| value.name().to_owned())
        .collect()
}

fn comment(message: &MessageDescriptor) -> String {
    message.full_name().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_a_query_of_the_schema_and_every_reference_is_there() {
        let document = document();
        let paths = document["paths"].as_object().unwrap();
        assert_eq!(paths.len(), ENDPOINTS.len() + 1);
        let text = document.to_string();
        let schemas = document["components"]["schemas"].as_object().unwrap();
        for reference in text.split("#/components/schemas/").skip(1) {
            let name = reference.split('"').next().unwrap();
            assert!(schemas.contains_key(name), "{name}");
        }
        let parameters = paths["/{ledger}/rolls/{body}.json"]["get"]["parameters"].to_string();
        assert!(!parameters.contains("with_lines"), "{parameters}");
    }
}
