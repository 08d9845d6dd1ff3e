;; Logs 4 KiB for ever.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (call $log (i32.const 3) (i32.const 0x10000) (i32.const 4096)) (br $for_ever)) unreachable)
