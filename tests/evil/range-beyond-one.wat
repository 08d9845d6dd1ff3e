;; Says its rewards go up to 10.
;;@ lie
  (func $lie (f64.store (i32.const 32) (f64.const 10)))
