//! `include/restem_policy.h` says what `src/abi` says.
//!
//! The header is written from the source here. When this test fails because the source changed, run it with
//! `RESTEM_UPDATE_HEADER=1` and commit the result.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use syn::{
    Attribute, Expr, Field, GenericArgument, Item, Lit, Meta, PathArguments, PointerMutability, ReturnType,
    Type,
};

const SOURCES: [&str; 4] = [
    include_str!("../src/abi/values.rs"),
    include_str!("../src/abi/calls.rs"),
    include_str!("../src/abi/table.rs"),
    include_str!("../src/abi/sizes.rs"),
];

const RULES: &str = include_str!("../src/abi/mod.rs");

fn header() -> String {
    let mut text = String::from("/* Written by tests/header.rs from src/abi: do not edit.\n *\n");
    for line in RULES.lines().map_while(|line| line.strip_prefix("//!")).skip(2) {
        writeln!(text, " *{}", line.replace('`', "")).unwrap();
    }
    text.push_str(" */\n#ifndef RESTEM_POLICY_H\n#define RESTEM_POLICY_H\n\n#include <stdint.h>\n\n");
    text.push_str("#ifdef __cplusplus\nextern \"C\" {\n#define RESTEM_ASSERT static_assert\n#else\n");
    text.push_str("#define RESTEM_ASSERT _Static_assert\n#endif\n\n");
    let files: Vec<_> = SOURCES
        .iter()
        .map(|source| syn::parse_file(source).unwrap())
        .collect();
    for item in files.iter().flat_map(|file| &file.items) {
        match item {
            Item::Const(item) => {
                if let Expr::Lit(value) = &*item.expr
                    && let Lit::Int(value) = &value.lit
                {
                    comment(&mut text, "", &item.attrs);
                    writeln!(text, "#define {} {}u", item.ident, value.base10_digits()).unwrap();
                }
            }
            Item::Struct(item) => {
                let name = &item.ident;
                text.push('\n');
                comment(&mut text, "", &item.attrs);
                writeln!(text, "typedef struct {name} {name};").unwrap();
                if item.fields.iter().all(|field| matches!(field.ty, Type::Array(_))) {
                    continue;
                }
                writeln!(text, "struct {name} {{").unwrap();
                for field in &item.fields {
                    comment(&mut text, "  ", &field.attrs);
                    writeln!(text, "  {};", declare(field, &name.to_string())).unwrap();
                }
                text.push_str("};\n");
            }
            Item::Macro(item) if item.mac.path.is_ident("sizes") => {
                text.push_str("\n/* Sizes where pointers have 64 bits. */\n");
                let sizes = item.mac.tokens.to_string();
                for (name, size) in sizes.split(';').filter_map(|line| line.split_once('=')) {
                    let (name, size) = (name.trim(), size.trim());
                    writeln!(
                        text,
                        "RESTEM_ASSERT(sizeof(void *) != 8 || sizeof({name}) == {size}, \"{name}\");"
                    )
                    .unwrap();
                }
            }
            _ => {}
        }
    }
    text.push_str("\n/* The one symbol that a backend exports. */\n");
    text.push_str("const RestemPolicyApi *restem_policy_api_v1(void);\n\n");
    text + "#undef RESTEM_ASSERT\n#ifdef __cplusplus\n}\n#endif\n#endif\n"
}

fn comment(text: &mut String, indent: &str, attributes: &[Attribute]) {
    let lines: Vec<String> = attributes.iter().filter_map(doc).collect();
    if !lines.is_empty() {
        let lines = lines.join(&format!("\n{indent}  "));
        writeln!(text, "{indent}/*{} */", lines.trim_end()).unwrap();
    }
}

fn doc(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(value) => match &value.lit {
                Lit::Str(line) => Some(line.value().replace('`', "")),
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// A field as C declares it.
fn declare(field: &Field, owner: &str) -> String {
    let name = field.ident.as_ref().unwrap().to_string();
    if let Some(function) = optional_function(&field.ty) {
        let Type::FnPtr(function) = function else {
            panic!("{owner}.{name} is no function")
        };
        let argument = pointer(&function.inputs[0].ty);
        let result = match &function.output {
            ReturnType::Default => "void ".to_owned(),
            ReturnType::Type(_, result) => pointer(result),
        };
        return format!("{result}(*{name})({}args)", argument);
    }
    format!("{}{name}", pointer(&field.ty))
}

fn optional_function(ty: &Type) -> Option<&Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match &last.arguments {
        PathArguments::AngleBracketed(inner) if last.ident == "Option" => match inner.args.first()? {
            GenericArgument::Type(ty) => Some(ty),
            _ => None,
        },
        _ => None,
    }
}

/// A type, with the space or star that comes before a name.
fn pointer(ty: &Type) -> String {
    match ty {
        Type::Ptr(pointer_type) => {
            let constant = matches!(pointer_type.mutability, PointerMutability::Const(_));
            let target = pointer(&pointer_type.elem);
            format!("{}{}*", if constant { "const " } else { "" }, target)
        }
        Type::Path(path) => {
            let name = path.path.segments.last().unwrap().ident.to_string();
            let c = match name.as_str() {
                "u8" => "uint8_t",
                "u32" => "uint32_t",
                "u64" => "uint64_t",
                "f32" => "float",
                "f64" => "double",
                name if name.starts_with("Restem") => name,
                other => panic!("{other} must not cross the ABI"),
            };
            format!("{c} ")
        }
        _ => panic!("this type must not cross the ABI"),
    }
}

fn path() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("include/restem_policy.h")
}

#[test]
fn the_header_is_fresh() {
    let header = header();
    if std::env::var_os("RESTEM_UPDATE_HEADER").is_some() {
        std::fs::write(path(), &header).unwrap();
    }
    let committed = std::fs::read_to_string(path()).unwrap_or_default();
    assert!(
        committed == header,
        "include/restem_policy.h is stale: run this test with RESTEM_UPDATE_HEADER=1"
    );
}

#[test]
fn a_c_compiler_agrees_on_sizes() {
    let folder = tempfile::tempdir().unwrap();
    for (compiler, name) in [("cc", "check.c"), ("c++", "check.cpp")] {
        let source = folder.path().join(name);
        std::fs::write(
            &source,
            "#include \"restem_policy.h\"\nint restem_check(void) { return 0; }\n",
        )
        .unwrap();
        let include = path().parent().unwrap().to_owned();
        let compile = Command::new(compiler)
            .args(["-Wall", "-Wextra", "-Werror", "-fsyntax-only", "-I"])
            .args([&include, &source])
            .output();
        // Machines without a C compiler can still build restem.
        let Ok(output) = compile else { continue };
        assert!(
            output.status.success(),
            "{compiler}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
}
