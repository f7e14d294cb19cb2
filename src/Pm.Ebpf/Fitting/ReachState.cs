using System.Runtime.CompilerServices;

namespace Pm.Ebpf.Fitting;

/// <summary>What is known of each register at one place, and whether it is certain that the verifier comes there.</summary>
struct ReachState
{
    const int Count = 16;
    const int OfCalls = 6;

    Values _values;

    /// <summary>No way that the verifier may have left out leads here alone.</summary>
    public bool IsCertain { get; set; }

    public ReachValue this[int register]
    {
        readonly get => _values[register];
        set => _values[register] = value;
    }

    public void ForgetAfterCall()
    {
        for (var i = 0; i < OfCalls; i++)
        {
            _values[i] = ReachValue.Unknown;
        }
    }

    /// <summary>Keeps what both ways have in common.</summary>
    /// <returns>Less is known than before, or the place became certain.</returns>
    public bool Join(in ReachState other)
    {
        var isChanged = other.IsCertain && !IsCertain;
        IsCertain |= other.IsCertain;
        for (var i = 0; i < Count; i++)
        {
            var joined = _values[i].Join(other._values[i]);
            isChanged |= joined != _values[i];
            _values[i] = joined;
        }

        return isChanged;
    }

    [InlineArray(Count)]
    struct Values
    {
        ReachValue _first;
    }
}
