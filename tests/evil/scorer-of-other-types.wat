;; Exports a scorer whose `describe` gives a number.
(component
  (core module $m (func (export "f") (result i32) (i32.const 7)))
  (core instance $i (instantiate $m))
  (func $f (result u32) (canon lift (core func $i "f")))
  (instance $scorer (export "describe" (func $f)))
  (export "restem:reward/scorer@0.1.0" (instance $scorer)))
