;; A function that holds 100,000 values at once.
;;@ bomb
  (func (param i32) (result i32)
    (call $one) ;;* 100000
    (i32.add) ;;* 99999
  )
  (func $one (result i32) (i32.const 1))
