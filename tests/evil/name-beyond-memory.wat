;; Has a name that lies outside its memory.
;;@ lie
  (func $lie (i32.store (i32.const 0) (i32.const 0x7ffffff0)))
