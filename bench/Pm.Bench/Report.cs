using System.Globalization;

namespace Pm.Bench;

/// <summary>Prints figures and judges ratios.</summary>
sealed class Report(TextWriter output)
{
    internal void Title(string name, string about) => Line($"\n{name}: {about}");

    internal void Figure(string what, Series series, string unit) =>
        Line($"  {what,-44} {series.Median,8:0.000} {unit}  ({series.Quantile(0):0.000} … {series.Quantile(1):0.000})");

    /// <summary>Something that is the same each time.</summary>
    internal void Count(string what, string count) => Line($"  {what,-44} {count}");

    /// <summary>A ratio that says how far another one can be believed; nobody is judged by it.</summary>
    internal void Control(string what, Series ratio) => Line($"  {what,-44} {Text(ratio)}  control");

    /// <summary>Judges the median of the paired ratios: at least <paramref name="goal"/>.</summary>
    internal bool AtLeast(string what, Series ratio, double goal) => Verdict(what, ratio, $"≥ {goal:0.00}", ratio.Median >= goal);

    /// <summary>Judges the median of the paired ratios: at most <paramref name="goal"/>.</summary>
    internal bool AtMost(string what, Series ratio, double goal) => Verdict(what, ratio, $"≤ {goal:0.00}", ratio.Median <= goal);

    /// <summary>Says why a ratio is not judged.</summary>
    internal void NotJudged(string what, Series ratio, string why) => Line($"  {what,-44} {Text(ratio)}  not judged: {why}");

    /// <summary>Says why a benchmark was not run.</summary>
    internal void Skipped(string why) => Line($"  skipped: {why}");

    bool Verdict(string what, Series ratio, string goal, bool met)
    {
        Line($"  {what,-44} {Text(ratio)}  goal {goal}  {(met ? "met" : "MISSED")}");
        return met;
    }

    static string Text(Series ratio) =>
        string.Create(CultureInfo.InvariantCulture, $"{ratio.Median,8:0.000} ×     ({ratio.Quantile(0):0.000} … {ratio.Quantile(1):0.000})");

    void Line(FormattableString text)
    {
        output.WriteLine(text.ToString(CultureInfo.InvariantCulture));
        output.Flush();
    }
}
