;; Writes a whole score, logs, and traps before it hands it over.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (drop (call $plain (f64.const 1)))
    (call $log (i32.const 1) (i32.const 0x100) (i32.const 4))
    unreachable)
