;; Logs what is not its own.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (call $log (i32.const 1) (i32.const 0x7ffffff0) (i32.const 4096))
    (call $plain (f64.const 1)))
