using System.Runtime.CompilerServices;
using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Events;

/// <summary>Goes through the steps over one record.</summary>
/// <param name="steps">All of them.</param>
/// <param name="record">As long as the type, or longer.</param>
/// <param name="into">Where it is written.</param>
ref struct EventWriter(ReadOnlySpan<EventStep> steps, ReadOnlySpan<byte> record, EventBuffer into)
{
    readonly ReadOnlySpan<EventStep> _steps = steps;
    readonly ReadOnlySpan<byte> _record = record;
    Loops _loops;
    int _depth;
    int _shift;
    bool _needsComma;
    bool _isBare;

    /// <summary>The steps from <paramref name="from"/> up to <paramref name="to"/>, as JSON.</summary>
    public void Write(int from, int to)
    {
        for (var i = from; i < to; i++)
        {
            ref readonly var step = ref _steps[i];
            switch (step.Kind)
            {
                case EventStepKind.BeginObject:
                    Begin(step.Key, (byte)'{');
                    break;
                case EventStepKind.EndObject:
                    End((byte)'}');
                    break;
                case EventStepKind.BeginArray:
                    i = BeginArray(step, i);
                    break;
                case EventStepKind.EndArray:
                    i = EndArray(i);
                    break;
                case EventStepKind.Constant:
                    Separate(step.Key);
                    _needsComma = true;
                    break;
                default:
                    Separate(step.Key);
                    EventValue.Write(step, Bytes(step), into, EventForm.Json);
                    _needsComma = true;
                    break;
            }
        }
    }

    /// <summary>The value of one column or word: what is no object or array as people read it.</summary>
    public void WriteBare(int from, int to, EventForm form)
    {
        if (to - from == 1)
        {
            EventValue.Write(_steps[from], Bytes(_steps[from]), into, form);
        }
        else
        {
            _isBare = true;
            Write(from, to);
        }
    }

    readonly ReadOnlySpan<byte> Bytes(in EventStep step)
    {
        var offset = step.Offset + _shift;
        return step.IsOpenEnded ? _record[offset..] : _record.Slice(offset, step.Size);
    }

    int BeginArray(in EventStep step, int at)
    {
        Begin(step.Key, (byte)'[');
        var count = step.IsOpenEnded ? Math.Min(step.Count / 4, (_record.Length - step.Offset) / step.Size) : step.Count;
        if (count == 0)
        {
            End((byte)']');
            return step.End;
        }

        _loops[_depth++] = new Loop(at, count, _shift);
        return at;
    }

    int EndArray(int at)
    {
        ref var loop = ref _loops[_depth - 1];
        if (--loop.Left > 0)
        {
            _shift += _steps[loop.Begin].Size;
            return loop.Begin;
        }

        _shift = loop.Shift;
        _depth--;
        End((byte)']');
        return at;
    }

    void Begin(byte[]? key, byte bracket)
    {
        Separate(key);
        into.Append(bracket);
        _needsComma = false;
    }

    void End(byte bracket)
    {
        into.Append(bracket);
        _needsComma = true;
    }

    void Separate(byte[]? key)
    {
        if (_isBare)
        {
            // The name of the whole stands above it or before it.
            _isBare = false;
            return;
        }

        if (_needsComma)
        {
            into.Append((byte)',');
        }

        if (key is not null)
        {
            into.Append(key);
        }
    }

    /// <summary>An array that is being written.</summary>
    struct Loop(int begin, int left, int shift)
    {
        public readonly int Begin = begin;
        public readonly int Shift = shift;
        public int Left = left;
    }

    [InlineArray(BtfLimits.Depth + 1)]
    struct Loops
    {
        Loop _first;
    }
}
