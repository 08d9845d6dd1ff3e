;; Has a configuration schema that is not JSON.
;;@ lie
  (func $lie (i32.store (i32.const 44) (i32.const 16)))
