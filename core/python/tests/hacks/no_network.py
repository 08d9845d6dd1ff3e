# expect: finished
# stdout: ""
def a():
    import socket
    socket.create_connection(("127.0.0.1", 80))
def b():
    import urllib.request
    urllib.request.urlopen("http://example.com")
def c():
    import _socket
    _socket.socket()
for do in (a, b, c):
    try:
        do()
        print("connected")
    except Exception:
        pass
