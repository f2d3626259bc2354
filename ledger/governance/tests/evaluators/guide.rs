//! The two pages for secretaries name the files in which the law stands.

use std::{collections::BTreeSet, path::Path};

fn named(guide: &str) -> BTreeSet<String> {
    let parts = guide.split('`').skip(1).step_by(2);
    let files = parts.filter(|part| {
        let path = Path::new(part);
        path.extension().is_some_and(|e| e == "rs") || part.ends_with('/')
    });
    files.map(str::to_owned).collect()
}

#[test]
fn both_pages_name_the_same_files_and_all_of_them_are_there() {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let [chinese, english] = ["GUIDE.zh-CN.md", "GUIDE.md"].map(|name| {
        let text = std::fs::read_to_string(here.join(name)).expect("it is there");
        named(&text)
    });
    // Where the pages speak of their own place.
    let places: BTreeSet<_> = ["src/".to_owned()].into();
    let files: BTreeSet<_> = english.difference(&places).cloned().collect();
    assert_eq!(
        chinese
            .difference(&places)
            .cloned()
            .collect::<BTreeSet<_>>(),
        files
    );
    assert!(files.len() > 15, "{files:?}");
    for file in files {
        assert!(here.join("src").join(&file).exists(), "{file}");
    }
}
