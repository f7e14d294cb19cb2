namespace Pm.Bench;

/// <summary>The figures of one contender, a figure a round.</summary>
readonly record struct Series(double[] Figures)
{
    internal double Median => Quantile(0.5);

    /// <summary>The figure below which the share <paramref name="q"/> of the rounds lies, interpolated.</summary>
    internal double Quantile(double q)
    {
        var sorted = Figures.Order().ToArray();
        var position = q * (sorted.Length - 1);
        var below = (int)position;
        var above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((position - below) * (sorted[above] - sorted[below]));
    }

    /// <summary>Round by round, this divided by <paramref name="other"/>.</summary>
    internal Series Over(Series other) => new([.. Figures.Zip(other.Figures, (a, b) => a / b)]);
}
