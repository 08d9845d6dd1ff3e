;; Has a name that clears the terminal and begins a line.
;;@ lie
  (func $lie (i32.store (i32.const 0) (i32.const 0x200)) (i32.store (i32.const 4) (i32.const 18)))
;;@ more data
  (data (i32.const 0x200) "good\1b[2J\0aerror: no")
