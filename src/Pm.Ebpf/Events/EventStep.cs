namespace Pm.Ebpf.Events;

/// <summary>One step in writing an event: a value, or where an object or array begins or ends.</summary>
readonly record struct EventStep
{
    public required EventStepKind Kind { get; init; }

    /// <summary>The member's name as JSON has it, <c>"name":</c>; none for an element of an array.</summary>
    public byte[]? Key
    {
        get;
        init
        {
            field = value;
            Joined = value is null ? null : [(byte)',', .. value];
        }
    }

    /// <summary>The same with a comma before it.</summary>
    public byte[]? Joined { get; private init; }

    /// <summary>In bytes from the begin of the event, or of the array's first element.</summary>
    public int Offset { get; init; }

    /// <summary>Bytes of the value; of an array those of an element.</summary>
    public int Size { get; init; }

    /// <summary>Elements of an array; of one that is open-ended, how many at most.</summary>
    public int Count { get; init; }

    /// <summary>It takes what the record has behind the type's end.</summary>
    public bool IsOpenEnded { get; init; }

    /// <summary>Of text, that it is several strings with NULs between them.</summary>
    public bool IsSeveral { get; init; }

    /// <summary>Of a bit-field, how many; 0 for any other.</summary>
    public byte Bits { get; init; }

    /// <summary>Of a bit-field, how many bits stand before it in its first byte.</summary>
    public byte Shift { get; init; }

    /// <summary>The names of an enumeration's values.</summary>
    public EnumNames? Names { get; init; }

    /// <summary>Of a time what says when that was.</summary>
    public EventClock? Clock { get; init; }

    /// <summary>It may be below zero.</summary>
    public bool IsSigned => Kind is EventStepKind.Signed || HasSign;

    /// <summary>Of a time that its type lets be below zero.</summary>
    public bool HasSign { get; init; }

    /// <summary>Of an array's begin the step that ends it.</summary>
    public int End { get; init; }
}
