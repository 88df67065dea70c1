//! What the page consists of: the only files that are served and published.

use std::path::{Path, PathBuf};

use crate::project;

/// Files and folders, from the repository's root. What does not exist is left out.
pub const PARTS: [&str; 6] = ["index.html", "bench.html", "isolation.js", "www", "cells", "LICENSE"];

/// The file that answers the request for `path`, which starts with `/` and is still percent-encoded.
///
/// Nothing outside of [`PARTS`] is ever an answer: `..`, hidden files, backslashes, drive letters and links that lead
/// out of the repository are refused.
pub fn file_for(path: &str) -> Option<PathBuf> {
    file_below(&project::root(), path)
}

fn file_below(root: &Path, path: &str) -> Option<PathBuf> {
    let path = path.split(['?', '#']).next()?.strip_prefix('/')?;
    let decoded = decode(path)?;
    let wanted = if decoded.is_empty() { "index.html" } else { &decoded };
    let parts: Vec<&str> = wanted.split('/').collect();
    let is_plain =
        |part: &&str| !part.is_empty() && !part.starts_with('.') && !part.contains(['\\', ':', '\0']);
    if !parts.iter().all(is_plain) || !PARTS.contains(parts.first()?) {
        return None;
    }
    let file = parts.iter().fold(root.to_path_buf(), |folder, part| folder.join(part));
    let is_inside = file.canonicalize().ok()?.starts_with(root.canonicalize().ok()?);
    (is_inside && file.is_file()).then_some(file)
}

/// The MIME type of a file by the end of its name.
pub fn mime_type(name: &str) -> &'static str {
    match name.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" | "map" => "application/json; charset=utf-8",
        "wasm" => "application/wasm",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "jpg" | "jpeg" => "image/jpeg",
        "webp" => "image/webp",
        "ico" => "image/x-icon",
        "woff2" => "font/woff2",
        "py" | "txt" | "md" | "ts" | "LICENSE" => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    }
}

fn decode(path: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(path.len());
    let mut rest = path.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?
            }
            other => other,
        });
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_outside_of_the_page_are_never_served() {
        for path in [
            "/Cargo.toml",
            "/../Cargo.toml",
            "/www/../Cargo.toml",
            "/www/%2e%2e/Cargo.toml",
            "/www/%2E%2E%2FCargo.toml",
            "/www/..%5cCargo.toml",
            "//Cargo.toml",
            "/www//etc/passwd",
            "/www/C:/x",
            "/.git/config",
            "/www/.hidden",
            "/LICENSE%00",
            "/LICENSE%",
            "LICENSE",
            "/target",
            "/www",
        ] {
            assert_eq!(file_for(path), None, "{path}");
        }
    }

    #[test]
    fn a_file_of_the_page_is_served_with_and_without_a_query() {
        let licence = project::root().join("LICENSE");
        assert_eq!(file_for("/LICENSE"), Some(licence.clone()));
        assert_eq!(file_for("/LICENSE?a=../b#c"), Some(licence.clone()));
        assert_eq!(file_for("/%4CICENSE"), Some(licence));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_leads_out_of_the_repository_is_not_followed() {
        use std::fs;
        use std::os::unix::fs::symlink;

        let folder = std::env::temp_dir().join(format!("unrolled-site-{}", std::process::id()));
        fs::create_dir_all(folder.join("root/www")).unwrap();
        fs::write(folder.join("secret"), "secret").unwrap();
        fs::write(folder.join("root/www/main.js"), "").unwrap();
        symlink(folder.join("secret"), folder.join("root/www/out.js")).unwrap();
        symlink("main.js", folder.join("root/www/in.js")).unwrap();
        let found = ["/www/main.js", "/www/in.js", "/www/out.js"]
            .map(|path| file_below(&folder.join("root"), path).is_some());
        fs::remove_dir_all(folder).unwrap();
        assert_eq!(found, [true, true, false]);
    }

    #[test]
    fn the_benchmark_and_the_service_worker_belong_to_the_page() {
        for name in ["bench.html", "isolation.js"] {
            assert_eq!(file_for(&format!("/{name}")), Some(project::root().join(name)));
        }
    }

    #[test]
    fn wasm_and_modules_have_the_types_that_browsers_insist_on() {
        assert_eq!(mime_type("unrolled_bg.wasm"), "application/wasm");
        assert_eq!(mime_type("main.js"), "text/javascript; charset=utf-8");
        assert_eq!(mime_type("imdb-small.safetensors"), "application/octet-stream");
    }
}
