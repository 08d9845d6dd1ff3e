;; 150,000 functions, each of which has to be compiled.
;;@ bomb
  (func (param i32) (result i32) (i32.mul (local.get 0) (i32.add (local.get 0) (i32.const 3)))) ;;* 150000
