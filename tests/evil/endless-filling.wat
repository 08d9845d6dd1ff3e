;; Fills 2 MiB of its memory again and again: much work in few instructions.
;;@ deed
  (func $deed (param $completion i32) (param $length i32) (result i32)
    (loop $for_ever (memory.fill (i32.const 0x10000) (i32.const 7) (i32.const 0x200000)) (br $for_ever)) unreachable)
