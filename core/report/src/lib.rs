//! Metrics to SVG, HTML and TensorBoard events.
