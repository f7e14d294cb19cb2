using System.Globalization;
using System.Text;

namespace Pm.Torture.Gear;

/// <summary>How many points there were of each fault in one scenario, and what was found.</summary>
/// <param name="scenario">Which.</param>
/// <param name="parts">Of how many others it is the sum.</param>
sealed class Tally(Scenario scenario, int parts = 0)
{
    int _missing = parts;

    readonly Dictionary<Fault, int> _points = [];
    readonly List<string> _findings = [];

    public Scenario Scenario { get; } = scenario;

    public IReadOnlyList<string> Findings => _findings;

    public int Points => _points.Values.Sum();

    public void Add(Fault fault, string? finding)
    {
        _points[fault] = _points.GetValueOrDefault(fault) + 1;
        Add(finding);
    }

    public void Add(string? finding)
    {
        if (finding is not null)
        {
            _findings.Add(finding);
        }
    }

    /// <summary>Takes in a part of the same scenario.</summary>
    public void Add(Tally part)
    {
        foreach (var (fault, points) in part._points)
        {
            _points[fault] = _points.GetValueOrDefault(fault) + points;
        }

        _findings.AddRange(part._findings);
        _missing--;
    }

    /// <summary>All parts are in it.</summary>
    public bool IsWhole => _missing == 0;

    public static string Heading { get; } = Line("", Fault.All.Select(fault => fault.ToString()), "points", "findings");

    public override string ToString() => Line(
        Scenario.ToString(), Fault.All.Select(fault => _points.GetValueOrDefault(fault).ToString(CultureInfo.InvariantCulture)),
        Points.ToString(CultureInfo.InvariantCulture), _findings.Count.ToString(CultureInfo.InvariantCulture));

    static string Line(string name, IEnumerable<string> cells, string points, string findings)
    {
        const int widest = 58;
        var text = new StringBuilder(name.Length > widest ? name[..(widest - 1)] + "…" : name.PadRight(widest));
        foreach (var cell in cells)
        {
            text.Append(CultureInfo.InvariantCulture, $" {cell,7}");
        }

        return text.Append(CultureInfo.InvariantCulture, $" {points,7} {findings,8}").ToString();
    }
}
