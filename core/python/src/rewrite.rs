//! Rewrites a module section by section, code copied as it is: exports what the snapshot needs, or puts a captured
//! [`Image`] in place of the initial memory and globals.

use std::collections::HashSet;

use wasm_encoder as encoder;
use wasmparser as parser;

use crate::image::{GlobalValue, Image};
use crate::{PythonError, steady};

/// Name under which the memory is exported.
pub(crate) const MEMORY: &str = "memory";

/// Name under which the function table is exported.
pub(crate) const TABLE: &str = "restem:table";

/// What the name of an exported global begins with.
const GLOBAL: &str = "restem:global-";

/// Name under which a mutable global is exported.
fn global_name(index: u32) -> String {
    format!("{GLOBAL}{index}")
}

/// The global that is exported under this name.
pub(crate) fn global_index(name: &str) -> Option<u32> {
    name.strip_prefix(GLOBAL)?.parse().ok()
}

/// The module with its function table and its mutable globals exported and without custom sections.
pub(crate) fn with_exports(wasm: &[u8]) -> Result<Vec<u8>, PythonError> {
    Rewriter::new(wasm, None).run()
}

/// The same of a module that `with_exports` made, starting as `image` says.
pub(crate) fn with_image(wasm: &[u8], image: &Image) -> Result<Vec<u8>, PythonError> {
    Rewriter::new(wasm, Some(image)).run()
}

struct Rewriter<'a> {
    wasm: &'a [u8],
    image: Option<&'a Image>,
    out: encoder::Module,
    imported_globals: u32,
    mutable_globals: Vec<u32>,
    has_data: bool,
}

impl<'a> Rewriter<'a> {
    fn new(wasm: &'a [u8], image: Option<&'a Image>) -> Self {
        Self {
            wasm,
            image,
            out: encoder::Module::new(),
            imported_globals: 0,
            mutable_globals: Vec::new(),
            has_data: false,
        }
    }

    fn run(mut self) -> Result<Vec<u8>, PythonError> {
        for payload in parser::Parser::new(0).parse_all(self.wasm) {
            self.section(payload.map_err(unreadable)?)?;
        }
        if self.image.is_some() && !self.has_data {
            return Err(unfit("it has no data section"));
        }
        Ok(self.out.finish())
    }

    fn section(&mut self, payload: parser::Payload<'a>) -> Result<(), PythonError> {
        use encoder::SectionId as Id;
        use parser::Payload;
        match payload {
            Payload::Version { .. } | Payload::End(_) => {}
            // An image's code is that of a module that was looked at.
            Payload::CodeSectionEntry(function) if self.image.is_none() => steady::check(&function)?,
            Payload::CodeSectionEntry(_) => {}
            Payload::CustomSection(_) => {}
            Payload::TypeSection(section) => self.copy(Id::Type, section.range())?,
            Payload::FunctionSection(section) => self.copy(Id::Function, section.range())?,
            Payload::TableSection(section) => self.copy(Id::Table, section.range())?,
            Payload::TagSection(section) => self.copy(Id::Tag, section.range())?,
            Payload::ElementSection(section) => self.copy(Id::Element, section.range())?,
            Payload::CodeSectionStart { unchecked_range, .. } => self.copy(Id::Code, unchecked_range)?,
            Payload::ImportSection(section) => {
                for import in section.clone().into_imports() {
                    let import = import.map_err(unreadable)?;
                    self.imported_globals += u32::from(matches!(import.ty, parser::TypeRef::Global(_)));
                }
                self.copy(Id::Import, section.range())?;
            }
            Payload::GlobalSection(section) => self.globals(section)?,
            Payload::MemorySection(section) => self.memory(section)?,
            Payload::ExportSection(section) => self.exports(section)?,
            Payload::DataCountSection { count, .. } => {
                // An image has active segments only, of which nothing needs the number.
                if self.image.is_none() {
                    self.out.section(&encoder::DataCountSection { count });
                }
            }
            Payload::DataSection(section) => self.data(section)?,
            Payload::StartSection { func, .. } => {
                // A live interpreter has been started already.
                if self.image.is_none() {
                    self.out.section(&encoder::StartSection { function_index: func });
                }
            }
            _ => return Err(unfit("it has a section of an unknown kind")),
        }
        Ok(())
    }

    fn copy(&mut self, id: encoder::SectionId, range: std::ops::Range<u64>) -> Result<(), PythonError> {
        let data = self
            .wasm
            .get(range.start as usize..range.end as usize)
            .ok_or_else(|| unfit("a section goes beyond its end"))?;
        self.out.section(&encoder::RawSection { id: id as u8, data });
        Ok(())
    }

    fn globals(&mut self, section: parser::GlobalSectionReader<'a>) -> Result<(), PythonError> {
        let mut globals = encoder::GlobalSection::new();
        for (index, global) in (self.imported_globals..).zip(section) {
            let global = global.map_err(unreadable)?;
            if global.ty.mutable {
                self.mutable_globals.push(index);
            }
            let start = match self.image.and_then(|image| image.global(index)) {
                Some(value) => value.to_const_expr(),
                None => {
                    let mut reader = global.init_expr.get_binary_reader();
                    let bytes = reader.read_bytes(reader.bytes_remaining()).map_err(unreadable)?;
                    // The encoder writes the final `end` itself.
                    encoder::ConstExpr::raw(bytes[..bytes.len() - 1].to_vec())
                }
            };
            let ty = encoder::GlobalType {
                val_type: value_type(global.ty.content_type)?,
                mutable: global.ty.mutable,
                shared: false,
            };
            globals.global(ty, &start);
        }
        self.out.section(&globals);
        Ok(())
    }

    fn memory(&mut self, section: parser::MemorySectionReader<'a>) -> Result<(), PythonError> {
        let mut memories = section.into_iter();
        let (Some(memory), None) = (memories.next(), memories.next()) else {
            return Err(unfit("it has not exactly one memory"));
        };
        let memory = memory.map_err(unreadable)?;
        if memory.memory64 || memory.shared {
            return Err(unfit("its memory is 64-bit or shared"));
        }
        let mut section = encoder::MemorySection::new();
        section.memory(encoder::MemoryType {
            minimum: self.image.map_or(memory.initial, Image::pages),
            maximum: memory.maximum,
            memory64: false,
            shared: false,
            page_size_log2: None,
        });
        self.out.section(&section);
        Ok(())
    }

    fn exports(&mut self, section: parser::ExportSectionReader<'a>) -> Result<(), PythonError> {
        let mut exports = encoder::ExportSection::new();
        let mut names = HashSet::new();
        for export in section {
            let export = export.map_err(unreadable)?;
            names.insert(export.name);
            exports.export(export.name, export_kind(export.kind)?, export.index);
        }
        if !names.contains(TABLE) {
            exports.export(TABLE, encoder::ExportKind::Table, 0);
        }
        for index in &self.mutable_globals {
            let name = global_name(*index);
            if !names.contains(name.as_str()) {
                exports.export(&name, encoder::ExportKind::Global, *index);
            }
        }
        self.out.section(&exports);
        Ok(())
    }

    fn data(&mut self, section: parser::DataSectionReader<'a>) -> Result<(), PythonError> {
        self.has_data = true;
        let Some(image) = self.image else {
            self.copy(encoder::SectionId::Data, section.range())?;
            return Ok(());
        };
        for segment in section {
            if matches!(segment.map_err(unreadable)?.kind, parser::DataKind::Passive) {
                return Err(unfit("it has passive data segments, which a snapshot can't keep"));
            }
        }
        let mut data = encoder::DataSection::new();
        for (offset, bytes) in image.segments() {
            let offset = encoder::ConstExpr::i32_const(offset.cast_signed());
            data.active(0, &offset, bytes.iter().copied());
        }
        self.out.section(&data);
        Ok(())
    }
}

impl GlobalValue {
    fn to_const_expr(self) -> encoder::ConstExpr {
        match self {
            Self::I32(value) => encoder::ConstExpr::i32_const(value),
            Self::I64(value) => encoder::ConstExpr::i64_const(value),
            Self::F32(bits) => encoder::ConstExpr::f32_const(encoder::Ieee32::new(bits)),
            Self::F64(bits) => encoder::ConstExpr::f64_const(encoder::Ieee64::new(bits)),
        }
    }
}

fn value_type(ty: parser::ValType) -> Result<encoder::ValType, PythonError> {
    Ok(match ty {
        parser::ValType::I32 => encoder::ValType::I32,
        parser::ValType::I64 => encoder::ValType::I64,
        parser::ValType::F32 => encoder::ValType::F32,
        parser::ValType::F64 => encoder::ValType::F64,
        _ => return Err(unfit("it has a global that is not a number")),
    })
}

fn export_kind(kind: parser::ExternalKind) -> Result<encoder::ExportKind, PythonError> {
    Ok(match kind {
        parser::ExternalKind::Func => encoder::ExportKind::Func,
        parser::ExternalKind::Table => encoder::ExportKind::Table,
        parser::ExternalKind::Memory => encoder::ExportKind::Memory,
        parser::ExternalKind::Global => encoder::ExportKind::Global,
        parser::ExternalKind::Tag => encoder::ExportKind::Tag,
        _ => return Err(unfit("it exports something of an unknown kind")),
    })
}

fn unreadable(error: parser::BinaryReaderError) -> PythonError {
    PythonError::Module {
        what: format!("it can't be read: {error}"),
    }
}

fn unfit(what: &str) -> PythonError {
    PythonError::Module {
        what: what.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use wasmtime::{Engine, Instance, Module, Store, Val};

    use super::*;

    const COUNTER: &str = r#"(module
        (table 1 funcref) (memory (export "memory") 1)
        (global $constant i32 (i32.const 5)) (global $count (mut i32) (i32.const 0)) (global $big (mut i64) (i64.const 1))
        (func $next (export "next") (result i32)
            (global.set $count (i32.add (global.get $count) (i32.const 1)))
            (i32.store (i32.const 40000) (global.get $count))
            (i32.add (global.get $count) (i32.load (i32.const 0))))
        (elem (i32.const 0) $next)
        (data (i32.const 0) "\64\00\00\00"))"#;

    fn next(store: &mut Store<()>, instance: &Instance) -> i32 {
        let next = instance.get_typed_func::<(), i32>(&mut *store, "next").unwrap();
        next.call(store, ()).unwrap()
    }

    fn instance(wasm: &[u8]) -> (Store<()>, Instance) {
        let engine = Engine::default();
        let module = Module::new(&engine, wasm).unwrap();
        let mut store = Store::new(&engine, ());
        let instance = Instance::new(&mut store, &module, &[]).unwrap();
        (store, instance)
    }

    fn what(result: Result<Vec<u8>, PythonError>) -> String {
        result.unwrap_err().to_string()
    }

    #[test]
    fn a_module_goes_on_where_it_was_captured() {
        let exported = with_exports(&wat::parse_str(COUNTER).unwrap()).unwrap();
        let (mut store, live) = instance(&exported);
        assert_eq!([next(&mut store, &live), next(&mut store, &live)], [101, 102]);
        assert!(live.get_table(&mut store, TABLE).is_some());
        let memory = live.get_memory(&mut store, "memory").unwrap();
        memory.grow(&mut store, 2).unwrap();
        let mut globals = BTreeMap::new();
        for index in [1, 2] {
            let global = live.get_global(&mut store, &global_name(index)).unwrap();
            globals.insert(
                index,
                match global.get(&mut store) {
                    Val::I32(value) => GlobalValue::I32(value),
                    Val::I64(value) => GlobalValue::I64(value),
                    other => panic!("{other:?}"),
                },
            );
        }
        let image = Image {
            memory: memory.data(&store).to_vec(),
            globals,
        };
        let (mut store, restored) = instance(&with_image(&exported, &image).unwrap());
        let memory = restored.get_memory(&mut store, "memory").unwrap();
        assert_eq!(memory.data(&store), image.memory);
        assert_eq!(next(&mut store, &restored), 103);
    }

    #[test]
    fn names_of_globals_lead_back_to_them() {
        assert_eq!(global_index(&global_name(7)), Some(7));
        assert_eq!(global_index("memory"), None);
    }

    #[test]
    fn modules_that_a_snapshot_can_not_keep_are_refused() {
        let image = Image {
            memory: vec![0; 64 << 10],
            globals: BTreeMap::new(),
        };
        let of = |text: &str| with_image(&wat::parse_str(text).unwrap(), &image);
        insta::assert_snapshot!(what(of("(module (memory 1))")), @"the interpreter's WebAssembly module is unfit for a snapshot: it has no data section");
        insta::assert_snapshot!(what(of(r#"(module (memory 1) (data "passive"))"#)), @"the interpreter's WebAssembly module is unfit for a snapshot: it has passive data segments, which a snapshot can't keep");
        insta::assert_snapshot!(what(of("(module (memory i64 1))")), @"the interpreter's WebAssembly module is unfit for a snapshot: its memory is 64-bit or shared");
        insta::assert_snapshot!(what(of("(module (memory 1) (memory 1))")), @"the interpreter's WebAssembly module is unfit for a snapshot: it has not exactly one memory");
        insta::assert_snapshot!(what(of("(module (global (mut funcref) (ref.null func)))")), @"the interpreter's WebAssembly module is unfit for a snapshot: it has a global that is not a number");
    }

    #[test]
    fn bytes_that_are_no_module_are_refused_at_any_length() {
        let whole = wat::parse_str(COUNTER).unwrap();
        for length in 1..whole.len() {
            // What is cut at the end of a section is a shorter module.
            let _either = with_exports(&whole[..length]);
        }
        insta::assert_snapshot!(what(with_exports(b"no module")), @r#"
        the interpreter's WebAssembly module is unfit for a snapshot: it can't be read: magic header not detected: bad magic number - expected=[
            0x0,
            0x61,
            0x73,
            0x6d,
        ] actual=[
            0x6e,
            0x6f,
            0x20,
            0x6d,
        ] (at offset 0x0)
        "#);
    }
}
