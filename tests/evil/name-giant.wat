;; Has a name of 256 KiB.
;;@ lie
  (func $lie (memory.fill (i32.const 0x10000) (i32.const 97) (i32.const 0x40000))
    (i32.store (i32.const 0) (i32.const 0x10000)) (i32.store (i32.const 4) (i32.const 0x40000)))
