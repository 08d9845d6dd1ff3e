//! Writing small GGUF files, well-formed unless told otherwise.

/// A GGUF file being put together.
#[derive(Clone)]
pub(super) struct GgufWriter {
    pub(super) version: u32,
    metadata: Vec<(String, Vec<u8>)>,
    tensors: Vec<Tensor>,
}

#[derive(Clone)]
struct Tensor {
    name: String,
    /// Rows first; written the other way round.
    shape: Vec<u64>,
    tag: u32,
    data: Vec<u8>,
    offset: Option<u64>,
}

fn text(value: &str) -> Vec<u8> {
    let mut bytes = (value.len() as u64).to_le_bytes().to_vec();
    bytes.extend(value.as_bytes());
    bytes
}

fn array(tag: u32, count: usize, elements: Vec<u8>) -> Vec<u8> {
    let mut bytes = 9_u32.to_le_bytes().to_vec();
    bytes.extend(tag.to_le_bytes());
    bytes.extend((count as u64).to_le_bytes());
    bytes.extend(elements);
    bytes
}

impl GgufWriter {
    pub(super) fn new() -> Self {
        Self {
            version: 3,
            metadata: Vec::new(),
            tensors: Vec::new(),
        }
    }

    /// Sets metadata `key` to `bytes`: a type tag and a value.
    pub(super) fn raw(mut self, key: &str, bytes: Vec<u8>) -> Self {
        self.metadata.retain(|(other, _)| other != key);
        self.metadata.push((key.into(), bytes));
        self
    }

    /// Removes metadata `key`.
    pub(super) fn without(mut self, key: &str) -> Self {
        self.metadata.retain(|(other, _)| other != key);
        self
    }

    pub(super) fn u32(self, key: &str, value: u32) -> Self {
        self.raw(key, [4_u32.to_le_bytes(), value.to_le_bytes()].concat())
    }

    pub(super) fn f32(self, key: &str, value: f32) -> Self {
        self.raw(key, [6_u32.to_le_bytes(), value.to_le_bytes()].concat())
    }

    pub(super) fn flag(self, key: &str, value: bool) -> Self {
        let mut bytes = 7_u32.to_le_bytes().to_vec();
        bytes.push(value.into());
        self.raw(key, bytes)
    }

    pub(super) fn text(self, key: &str, value: &str) -> Self {
        let mut bytes = 8_u32.to_le_bytes().to_vec();
        bytes.extend(text(value));
        self.raw(key, bytes)
    }

    pub(super) fn texts(self, key: &str, values: &[&str]) -> Self {
        let elements = values.iter().flat_map(|value| text(value)).collect();
        self.raw(key, array(8, values.len(), elements))
    }

    pub(super) fn f32s(self, key: &str, values: &[f32]) -> Self {
        let elements = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.raw(key, array(6, values.len(), elements))
    }

    pub(super) fn i32s(self, key: &str, values: &[i32]) -> Self {
        let elements = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.raw(key, array(5, values.len(), elements))
    }

    /// Adds a tensor of `f32` values.
    pub(super) fn tensor(self, name: &str, shape: &[u64], values: &[f32]) -> Self {
        let data = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.raw_tensor(name, shape, 0, data, None)
    }

    /// Adds a tensor of any type; `offset` overrides where its data is said to begin.
    pub(super) fn raw_tensor(
        mut self,
        name: &str,
        shape: &[u64],
        tag: u32,
        data: Vec<u8>,
        offset: Option<u64>,
    ) -> Self {
        self.tensors.retain(|tensor| tensor.name != name);
        self.tensors.push(Tensor {
            name: name.into(),
            shape: shape.to_vec(),
            tag,
            data,
            offset,
        });
        self
    }

    /// Removes tensor `name`.
    pub(super) fn without_tensor(mut self, name: &str) -> Self {
        self.tensors.retain(|tensor| tensor.name != name);
        self
    }

    /// The bytes of the header, without tensor data or padding.
    pub(super) fn header(&self) -> Vec<u8> {
        let mut bytes = b"GGUF".to_vec();
        bytes.extend(self.version.to_le_bytes());
        bytes.extend((self.tensors.len() as u64).to_le_bytes());
        bytes.extend((self.metadata.len() as u64).to_le_bytes());
        for (key, value) in &self.metadata {
            bytes.extend(text(key));
            bytes.extend(value);
        }
        let mut offset = 0;
        for tensor in &self.tensors {
            bytes.extend(text(&tensor.name));
            bytes.extend((tensor.shape.len() as u32).to_le_bytes());
            for size in tensor.shape.iter().rev() {
                bytes.extend(size.to_le_bytes());
            }
            bytes.extend(tensor.tag.to_le_bytes());
            bytes.extend(tensor.offset.unwrap_or(offset).to_le_bytes());
            offset += (tensor.data.len() as u64).next_multiple_of(32);
        }
        bytes
    }

    /// The whole file.
    pub(super) fn bytes(&self) -> Vec<u8> {
        let mut bytes = self.header();
        for tensor in &self.tensors {
            bytes.resize(bytes.len().next_multiple_of(32), 0);
            bytes.extend(&tensor.data);
        }
        bytes
    }
}
