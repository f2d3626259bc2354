//! Actions as people write them in JSON, made into the protobuf JSON mapping.
//!
//! Where the schema expects a `Content`, the JSON may say `{"text": "…"}` or `{"file": "path"}`, with a
//! `media_type` beside it where the usual one does not fit: the text is salted and digested here, and
//! salt and bytes go beside the action. Where the schema expects bytes, 64 hexadecimal digits (a key,
//! a leaf) or a UUID do as well as base64.

use std::{fs, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use prost::Name as _;
use prost_reflect::{Kind, MessageDescriptor};
use proto::{limits::CONTENT_LEN_MAX, v1};
use serde_json::{Map, Value, json};

use super::{failure::Failure, keyfile::fill_random};

/// The media type of a text.
const TEXT: &str = "text/plain; charset=utf-8";

/// What is uploaded beside an action.
#[derive(Default)]
pub(crate) struct Contents {
    /// In the order they stand in the action.
    pub(crate) uploads: Vec<v1::ContentUpload>,
}

impl Contents {
    /// Salts and digests a text.
    pub(crate) fn text(&mut self, text: &str) -> Result<v1::Content, Failure> {
        self.add(text.as_bytes().to_vec(), TEXT)
    }

    fn add(&mut self, bytes: Vec<u8>, media_type: &str) -> Result<v1::Content, Failure> {
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        if length > CONTENT_LEN_MAX {
            let what = format!("a content of {length} bytes is too long");
            let next = format!("A content has at most {CONTENT_LEN_MAX} bytes: shorten it.");
            return Err(Failure::usage(what).next(next));
        }
        let mut salt = [0; tlog::signing::SALT_LEN];
        fill_random(&mut salt)?;
        let digest = tlog::signing::content_digest(&salt, &bytes);
        self.uploads.push(v1::ContentUpload {
            salt: salt.to_vec(),
            bytes,
        });
        Ok(v1::Content {
            digest: digest.0.to_vec(),
            length,
            media_type: media_type.to_owned(),
        })
    }

    /// Makes an action's JSON, as people write it, into the protobuf JSON mapping.
    pub(crate) fn rewrite(&mut self, action: &mut Value) -> Result<(), Failure> {
        let name = v1::Action::full_name();
        let Some(descriptor) = proto::pool().get_message_by_name(&name) else {
            return Err(Failure::usage(format!("the schema has no message {name}")));
        };
        self.message(&descriptor, action, "")
    }

    fn message(
        &mut self,
        descriptor: &MessageDescriptor,
        value: &mut Value,
        path: &str,
    ) -> Result<(), Failure> {
        // What has another shape than the schema's is named when the JSON is read.
        let Value::Object(fields) = value else {
            return Ok(());
        };
        if descriptor.full_name() == v1::Content::full_name()
            && let Some(content) = self.content(fields, path)?
        {
            *value = content;
            return Ok(());
        }
        for (name, value) in fields.iter_mut() {
            let field = descriptor
                .get_field_by_name(name)
                .or_else(|| descriptor.get_field_by_json_name(name));
            let Some(field) = field else { continue };
            let path = format!("{path}{name}");
            match value {
                Value::Array(items) if field.is_list() => {
                    for (at, item) in items.iter_mut().enumerate() {
                        self.value(&field.kind(), item, &format!("{path}[{at}]"))?;
                    }
                }
                one => self.value(&field.kind(), one, &path)?,
            }
        }
        Ok(())
    }

    fn value(&mut self, kind: &Kind, value: &mut Value, path: &str) -> Result<(), Failure> {
        match (kind, &*value) {
            (Kind::Message(descriptor), _) => self.message(descriptor, value, &format!("{path}.")),
            (Kind::Bytes, Value::String(text)) => {
                if let Some(bytes) = from_hex(text) {
                    *value = Value::String(STANDARD.encode(bytes));
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// The content these fields ask for, if they ask for one.
    fn content(
        &mut self,
        fields: &Map<String, Value>,
        path: &str,
    ) -> Result<Option<Value>, Failure> {
        let string = |name: &str| fields.get(name).and_then(Value::as_str);
        let media_type = string("media_type").or_else(|| string("mediaType"));
        let content = match (string("text"), string("file")) {
            (Some(text), None) => self.add(text.as_bytes().to_vec(), media_type.unwrap_or(TEXT))?,
            (None, Some(file)) => {
                let bytes = fs::read(file).map_err(|error| {
                    Failure::usage(format!("{path}file: cannot read {file}: {error}"))
                })?;
                eprintln!("uploads {file}, {} bytes", bytes.len());
                self.add(bytes, media_type.unwrap_or_else(|| media_type_of(file)))?
            }
            _ => return Ok(None),
        };
        Ok(Some(json!({
            "digest": STANDARD.encode(content.digest),
            "length": content.length,
            "media_type": content.media_type,
        })))
    }
}

fn media_type_of(file: &str) -> &'static str {
    let extension = Path::new(file).extension().and_then(|e| e.to_str());
    match extension.map(str::to_ascii_lowercase).as_deref() {
        Some("txt") => TEXT,
        Some("md") => "text/markdown; charset=utf-8",
        Some("pdf") => "application/pdf",
        Some("png") => "image/png",
        Some("jpg" | "jpeg") => "image/jpeg",
        Some("json") => "application/json",
        _ => "application/octet-stream",
    }
}

/// 32 bytes from 64 digits, or 16 from a UUID. No field holds the 48 bytes that 64 characters of
/// base64 would be.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let uuid = text.len() == 36
        && [8, 13, 18, 23]
            .iter()
            .all(|at| text.as_bytes()[*at] == b'-');
    let digits = if uuid {
        text.replace('-', "")
    } else {
        text.to_owned()
    };
    let fits = digits.len() == if uuid { 32 } else { 64 };
    fits.then(|| hex::decode(digits).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(mut value: Value) -> (Value, Contents) {
        let mut contents = Contents::default();
        contents.rewrite(&mut value).unwrap();
        (value, contents)
    }

    #[test]
    fn a_text_becomes_a_salted_digest() {
        let action = json!({"statement_made": {"motion": "m", "content": {"text": "同意"}}});
        let (value, contents) = rewritten(action);
        let content = &value["statement_made"]["content"];
        let [upload] = contents.uploads.as_slice() else {
            panic!("one upload, not {}", contents.uploads.len());
        };
        assert_eq!(upload.bytes, "同意".as_bytes());
        assert_eq!(content["length"], json!(6));
        assert_eq!(content["media_type"], json!(TEXT));
        let salt = upload.salt.as_slice().try_into().unwrap();
        let digest = tlog::signing::content_digest(salt, &upload.bytes);
        assert_eq!(content["digest"], json!(STANDARD.encode(digest.0)));
    }

    #[test]
    fn contents_in_lists_and_under_json_names_are_found() {
        let people = json!([{"person": "a", "name": {"text": "甲"}}, {"person": "b"}]);
        let (value, contents) = rewritten(json!({"ledgerFounded": {"people": people}}));
        assert_eq!(contents.uploads.len(), 1);
        assert!(value["ledgerFounded"]["people"][0]["name"]["digest"].is_string());
    }

    #[test]
    fn every_content_has_a_salt_of_its_own() {
        let mut contents = Contents::default();
        let digests = [contents.text("x").unwrap(), contents.text("x").unwrap()];
        assert_ne!(digests[0].digest, digests[1].digest);
    }

    #[test]
    fn a_content_that_says_its_digest_stays() {
        let action = json!({"statement_made": {"content": {"digest": "AAAA", "length": 3}}});
        let (value, contents) = rewritten(action.clone());
        assert_eq!(value, action);
        assert!(contents.uploads.is_empty());
    }

    #[test]
    fn a_content_over_the_limit_is_refused_and_one_at_it_is_not() {
        let most = usize::try_from(CONTENT_LEN_MAX).unwrap();
        let mut contents = Contents::default();
        assert!(contents.text(&"a".repeat(most)).is_ok());
        assert!(contents.text(&"a".repeat(most + 1)).is_err());
    }

    #[test]
    fn keys_and_ids_may_be_written_in_hex() {
        let key = "00".repeat(32);
        let (value, _) = rewritten(json!({
            "id": "01234567-89ab-7cde-8f01-23456789abcd",
            "key_added": {"key": key},
        }));
        assert_eq!(value["key_added"]["key"], json!(STANDARD.encode([0; 32])));
        let id = hex::decode("0123456789ab7cde8f0123456789abcd").unwrap();
        assert_eq!(value["id"], json!(STANDARD.encode(id)));
    }

    #[test]
    fn a_missing_file_is_named_with_its_place() {
        let mut contents = Contents::default();
        let mut action = json!({"statement_made": {"content": {"file": "/nowhere/at/all"}}});
        let failure = contents.rewrite(&mut action).unwrap_err();
        assert!(
            failure
                .what()
                .starts_with("statement_made.content.file: cannot read /nowhere")
        );
    }
}
