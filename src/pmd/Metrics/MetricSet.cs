using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace Pm.Daemon.Metrics;

/// <summary>
/// Everything that is counted, written as Prometheus reads it. A label has few values that are known before: never a
/// name of a package or an address of a client. Source: the text exposition format, version 0.0.4.
/// </summary>
sealed class MetricSet
{
    readonly ConcurrentDictionary<(string Name, string Labels), Counter> _counters = new();
    readonly ConcurrentDictionary<string, Histogram> _histograms = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, Func<IEnumerable<(string Labels, double Value)>>> _gauges = new(StringComparer.Ordinal);
    readonly ConcurrentDictionary<string, string> _help = new(StringComparer.Ordinal);

    /// <summary>The counter of that name and labels, made at the first call.</summary>
    /// <param name="name"><c>pmd_uploads_total</c></param>
    /// <param name="help">One line.</param>
    /// <param name="labels"><c>result="stored"</c>; see <see cref="Label"/>.</param>
    public Counter Counter(string name, string help, string labels = "")
    {
        _help[name] = help;
        return _counters.GetOrAdd((name, labels), _ => new Counter());
    }

    public Histogram Histogram(string name, string help)
    {
        _help[name] = help;
        return _histograms.GetOrAdd(name, _ => new Histogram());
    }

    /// <summary>What is asked for when somebody looks.</summary>
    public void Gauge(string name, string help, Func<IEnumerable<(string Labels, double Value)>> read)
    {
        _help[name] = help;
        _gauges[name] = read;
    }

    /// <summary><c>name="value"</c> with what would end the value escaped.</summary>
    public static string Label(string name, string value) =>
        $"{name}=\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\"";

    public string Text()
    {
        var text = new StringBuilder();
        foreach (var family in _counters.GroupBy(counter => counter.Key.Name).OrderBy(group => group.Key, StringComparer.Ordinal))
        {
            Head(text, family.Key, "counter");
            foreach (var (key, counter) in family.OrderBy(pair => pair.Key.Labels, StringComparer.Ordinal))
            {
                Line(text, key.Name, key.Labels, counter.Value);
            }
        }

        foreach (var (name, histogram) in _histograms.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Write(text, name, histogram);
        }

        foreach (var (name, read) in _gauges.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Head(text, name, "gauge");
            foreach (var (labels, value) in read())
            {
                Line(text, name, labels, value);
            }
        }

        return text.ToString();
    }

    void Write(StringBuilder text, string name, Histogram histogram)
    {
        Head(text, name, "histogram");
        for (var at = 0; at < Metrics.Histogram.Bounds.Count; at++)
        {
            Line(text, $"{name}_bucket", Label("le", Number(Metrics.Histogram.Bounds[at])), histogram.CountUpTo(at));
        }

        var all = histogram.CountUpTo(Metrics.Histogram.Bounds.Count);
        Line(text, $"{name}_bucket", Label("le", "+Inf"), all);
        Line(text, $"{name}_sum", "", histogram.SumInSeconds);
        Line(text, $"{name}_count", "", all);
    }

    void Head(StringBuilder text, string name, string type) => text.Append($"# HELP {name} {_help[name]}\n# TYPE {name} {type}\n");

    static void Line(StringBuilder text, string name, string labels, double value) =>
        text.Append(name).Append(labels.Length == 0 ? "" : $"{{{labels}}}").Append(' ').Append(Number(value)).Append('\n');

    static string Number(double value) => value.ToString("R", CultureInfo.InvariantCulture);
}
