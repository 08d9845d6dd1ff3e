# expect: finished
# call: f []
# value: [{"float":"inf"},{"float":"-inf"},{"float":"nan"},1e+100,-0.0,100000000000000000000,7,true,null]
def f():
    return [float("inf"), float("-inf"), float("nan"), 1e100, -0.0, 10 ** 20, 10 ** 5000 % 1000 + 7, True, None]
