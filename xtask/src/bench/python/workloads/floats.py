# Floats inside small objects: planets that attract each other, and a matrix.
import math


class Body:
    __slots__ = ("x", "y", "vx", "vy", "mass")

    def __init__(self, x, y, vx, vy, mass):
        self.x, self.y, self.vx, self.vy, self.mass = x, y, vx, vy, mass

    def pull(self, other, step):
        dx, dy = other.x - self.x, other.y - self.y
        force = step / (dx * dx + dy * dy + 0.01) ** 1.5
        self.vx += dx * other.mass * force
        self.vy += dy * other.mass * force

    def move(self, step):
        self.x += self.vx * step
        self.y += self.vy * step


def multiply(left, right):
    columns = list(zip(*right))
    return [[sum(a * b for a, b in zip(row, column)) for column in columns] for row in left]


def main():
    bodies = [Body(math.cos(i) * (i + 1), math.sin(i) * (i + 1), 0.1 * i, -0.05 * i, 1.0 / (i + 1)) for i in range(12)]
    for _ in range(1_200):
        for body in bodies:
            for other in bodies:
                if body is not other:
                    body.pull(other, 0.002)
        for body in bodies:
            body.move(0.002)
    matrix = [[1.0 / (row + column + 1) for column in range(70)] for row in range(70)]
    squared = multiply(multiply(matrix, matrix), matrix)
    print("%.6f %.6f %.6f" % (sum(b.x for b in bodies), sum(b.y for b in bodies), sum(map(sum, squared))))


main()
