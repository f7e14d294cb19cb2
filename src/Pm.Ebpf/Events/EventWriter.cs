using Pm.Ebpf.Btf;

namespace Pm.Ebpf.Events;

/// <summary>Goes through the steps over one record.</summary>
/// <param name="steps">All of them.</param>
/// <param name="record">As long as the type, or longer.</param>
/// <param name="into">Where it is written.</param>
/// <param name="loops">Room for <see cref="Depth"/> of them, whatever is in it: to clear it would take a tenth of the time of a record.</param>
ref struct EventWriter(ReadOnlySpan<EventStep> steps, ReadOnlySpan<byte> record, EventBuffer into, Span<EventWriter.Loop> loops)
{
    /// <summary>How deep arrays can lie in arrays.</summary>
    public const int Depth = BtfLimits.Depth + 1;

    readonly ReadOnlySpan<EventStep> _steps = steps;
    readonly ReadOnlySpan<byte> _record = record;
    readonly Span<Loop> _loops = loops;
    int _depth;
    int _shift;
    bool _needsComma;
    bool _isBare;

    /// <summary>The steps from <paramref name="from"/> up to <paramref name="to"/>, as JSON.</summary>
    public void Write(int from, int to, EventForm form = EventForm.Json)
    {
        for (var i = from; i < to; i++)
        {
            ref readonly var step = ref _steps[i];
            switch (step.Kind)
            {
                case EventStepKind.BeginObject:
                    Begin(step, (byte)'{');
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
                    Separate(step);
                    _needsComma = true;
                    break;
                default:
                    Separate(step);
                    EventValue.Write(step, Bytes(step), into, form);
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
            Write(from, to, form is EventForm.Json ? EventForm.Json : EventForm.Inner);
        }
    }

    readonly ReadOnlySpan<byte> Bytes(in EventStep step)
    {
        var offset = step.Offset + _shift;
        return step.IsOpenEnded ? _record[offset..] : _record.Slice(offset, step.Size);
    }

    int BeginArray(in EventStep step, int at)
    {
        Begin(step, (byte)'[');
        var count = step.IsOpenEnded ? Math.Min(step.Count, (_record.Length - step.Offset) / step.Size) : step.Count;
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

    void Begin(in EventStep step, byte bracket)
    {
        Separate(step);
        into.Append(bracket);
        _needsComma = false;
    }

    void End(byte bracket)
    {
        into.Append(bracket);
        _needsComma = true;
    }

    void Separate(in EventStep step)
    {
        if (_isBare)
        {
            // The name of the whole stands above it or before it.
            _isBare = false;
            return;
        }

        if (step.Key is not null)
        {
            into.Append(_needsComma ? step.Joined : step.Key);
        }
        else if (_needsComma)
        {
            into.Append((byte)',');
        }
    }

    /// <summary>An array that is being written.</summary>
    public struct Loop(int begin, int left, int shift)
    {
        public readonly int Begin = begin;
        public readonly int Shift = shift;
        public int Left = left;
    }
}
