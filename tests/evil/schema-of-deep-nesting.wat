;; Has a configuration schema of 100,000 open brackets.
;;@ lie
  (func $lie (memory.fill (i32.const 0x10000) (i32.const 91) (i32.const 100000))
    (i32.store (i32.const 40) (i32.const 0x10000)) (i32.store (i32.const 44) (i32.const 100000)))
