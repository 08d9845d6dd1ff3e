;; Describes itself otherwise in each call: its version counts them.
;;@ globals
  (global $free (mut i32) (i32.const 0x10000))
  (global $calls (mut i32) (i32.const 0))
;;@ lie
  (func $lie
    (global.set $calls (i32.add (global.get $calls) (i32.const 1)))
    (i32.store8 (i32.const 0x110) (i32.add (i32.const 48) (global.get $calls))))
