;; Has a name of blanks.
;;@ lie
  (func $lie (i32.store (i32.const 0) (i32.const 0x200)) (i32.store (i32.const 4) (i32.const 3)))
;;@ more data
  (data (i32.const 0x200) "   ")
