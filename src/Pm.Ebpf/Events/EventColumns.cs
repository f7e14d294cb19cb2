using System.Text;

namespace Pm.Ebpf.Events;

/// <summary>Says where on a line each member of an event begins.</summary>
static class EventColumns
{
    const int Widest = 32;

    /// <summary>What a time takes, and the blank behind it.</summary>
    const int TimeWidth = 9;

    /// <summary>What each column of eunomia's takes at least.</summary>
    const int EunomiaWidth = 6;

    /// <param name="steps">What writes an event.</param>
    /// <param name="dialect">Whose rules hold.</param>
    /// <param name="without">Members that are shown elsewhere.</param>
    public static EventColumn[] Of(List<EventStep> steps, EventDialect dialect, IReadOnlyCollection<string> without)
    {
        var columns = new List<EventColumn>();
        var isEunomia = dialect is EventDialect.Eunomia;
        var start = isEunomia ? TimeWidth : 0;
        for (var i = 0; i < steps.Count;)
        {
            var to = End(steps, i);
            var key = steps[i].Key!;
            var name = Encoding.UTF8.GetString(key.AsSpan(1, key.Length - 3));
            if (without.Contains(name))
            {
                i = to;
                continue;
            }

            columns.Add(new EventColumn(name, [.. Encoding.UTF8.GetBytes(name), (byte)'='], i, to, start));
            start += 1 + Math.Max(name.Length, isEunomia ? EunomiaWidth : Width(steps[i]));
            i = to;
        }

        return [.. columns];
    }

    static int End(List<EventStep> steps, int at)
    {
        var depth = 0;
        do
        {
            depth += steps[at].Kind switch
            {
                EventStepKind.BeginObject or EventStepKind.BeginArray => 1,
                EventStepKind.EndObject or EventStepKind.EndArray => -1,
                _ => 0,
            };
            at++;
        }
        while (depth > 0);
        return at;
    }

    /// <summary>What its values usually need; one that needs more moves the next, not all that follow.</summary>
    static int Width(EventStep step) => step.Kind switch
    {
        EventStepKind.Text => Math.Clamp(step.Size - 1, 1, Widest),
        EventStepKind.Boolean => 5,
        EventStepKind.Float => 12,
        EventStepKind.Address => 18,
        EventStepKind.InternetAddress => step.Size == 4 ? 15 : 25,
        EventStepKind.Time => 12,
        EventStepKind.Signed or EventStepKind.Unsigned when step.Names is not null => Math.Min(step.Names.Longest, Widest),
        EventStepKind.Signed or EventStepKind.Unsigned => step.Size switch { 1 => 4, 2 => 6, <= 4 => 8, <= 8 => 16, _ => Widest },
        _ => Widest,
    };
}
