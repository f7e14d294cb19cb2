using System.Globalization;
using Pm.Resolution.Solving;

namespace Pm.Resolution.Explaining;

/// <summary>Writes how a contradiction follows from facts, a conclusion a line; one that is used again later has a number.</summary>
/// <remarks>Source: the error reporting section of the solver documentation of Dart's pub.</remarks>
sealed class Derivation(Wording wording)
{
    /// <summary>A derivation with more steps than this is not written: its facts are named instead.</summary>
    const int MostSteps = 300;

    readonly List<(string Text, Incompatibility Concluded)> _lines = [];
    readonly Dictionary<Incompatibility, int> _numbers = [];
    readonly Dictionary<Incompatibility, int> _uses = [];
    readonly Dictionary<Incompatibility, int> _lineOf = [];

    /// <summary>The lines; null where there are too many.</summary>
    public static IReadOnlyList<string>? Write(Incompatibility end, Wording wording)
    {
        var derivation = new Derivation(wording);
        if (end.Fact is not null || !derivation.CountUses(end))
        {
            return end.Fact is null ? null : [wording.Of(end)];
        }

        derivation.Visit(end);
        return [.. derivation._lines.Select((line, at) => line.Text + derivation.Number(line.Concluded, at))];
    }

    bool CountUses(Incompatibility end)
    {
        var open = new Stack<Incompatibility>([end]);
        while (open.TryPop(out var next))
        {
            foreach (var cause in new[] { next.Left!, next.Right! }.Where(c => c.Fact is null))
            {
                if (!_uses.TryAdd(cause, 1))
                {
                    _uses[cause]++;
                    continue;
                }

                open.Push(cause);
            }
        }

        return _uses.Count <= MostSteps;
    }

    string Number(Incompatibility concluded, int line) =>
        _numbers.TryGetValue(concluded, out var number) && _lineOf[concluded] == line ? string.Create(CultureInfo.InvariantCulture, $" ({number})") : "";

    void Visit(Incompatibility incompatibility)
    {
        var (left, right) = (incompatibility.Left!, incompatibility.Right!);
        if (left.Fact is not null && right.Fact is not null)
        {
            Add(incompatibility, $"because {wording.Of(left)} and {wording.Of(right)}, ");
        }
        else if (left.Fact is null && right.Fact is null)
        {
            VisitBoth(incompatibility, left, right);
        }
        else
        {
            var (derived, fact) = left.Fact is null ? (left, right) : (right, left);
            VisitOne(incompatibility, derived, fact);
        }
    }

    void VisitOne(Incompatibility incompatibility, Incompatibility derived, Incompatibility fact)
    {
        if (_lineOf.ContainsKey(derived))
        {
            Add(incompatibility, $"because {wording.Of(fact)} and {Again(derived)}, ");
            return;
        }

        // A conclusion that is only stepped through is not worth a line of its own.
        if (_uses[derived] == 1 && Single(derived) is var (inner, other) && !_lineOf.ContainsKey(inner))
        {
            Visit(inner);
            Add(incompatibility, $"and because {wording.Of(other)} and {wording.Of(fact)}, ");
            return;
        }

        Visit(derived);
        Add(incompatibility, $"and because {wording.Of(fact)}, ");
    }

    void VisitBoth(Incompatibility incompatibility, Incompatibility left, Incompatibility right)
    {
        if (_lineOf.ContainsKey(right))
        {
            (left, right) = (right, left);
        }

        if (_lineOf.ContainsKey(left) && _lineOf.ContainsKey(right))
        {
            Add(incompatibility, $"because {Again(left)} and {Again(right)}, ");
            return;
        }

        if (!_lineOf.ContainsKey(left))
        {
            Visit(left);
        }

        // Visiting the one may have written the other.
        if (_lineOf.ContainsKey(right))
        {
            Add(incompatibility, $"because {Again(left)} and {Again(right)}, ");
            return;
        }

        Visit(right);
        Add(incompatibility, $"and because {Again(left)}, ");
    }

    /// <summary>The two causes of a conclusion of which one is a fact.</summary>
    static (Incompatibility Derived, Incompatibility Fact)? Single(Incompatibility derived) =>
        derived.Left!.Fact is null && derived.Right!.Fact is not null ? (derived.Left, derived.Right)
        : derived.Right!.Fact is null && derived.Left!.Fact is not null ? (derived.Right, derived.Left)
        : null;

    string Again(Incompatibility concluded)
    {
        if (!_numbers.TryGetValue(concluded, out var number))
        {
            _numbers.Add(concluded, number = _numbers.Count + 1);
        }

        return string.Create(CultureInfo.InvariantCulture, $"{wording.Of(concluded)} ({number})");
    }

    void Add(Incompatibility concluded, string because)
    {
        _lineOf.TryAdd(concluded, _lines.Count);
        _lines.Add((because + wording.Of(concluded), concluded));
    }
}
