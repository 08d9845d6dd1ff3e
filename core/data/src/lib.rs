//! Datasets, prompt templates, tokenizers and de-duplication.
