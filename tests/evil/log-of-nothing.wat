;; Logs empty lines for ever.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (call $log (i32.const 3) (i32.const 0x10000) (i32.const 0)) (br $for_ever)) unreachable)
