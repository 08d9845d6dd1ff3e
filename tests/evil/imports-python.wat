;; Imports the capability `python`, which nobody granted.
;;@ more imports
  (import "restem:reward/python@0.1.0" "[resource-drop]program" (func $drop_program (param i32)))
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $drop_program (i32.const 1)) unreachable)
