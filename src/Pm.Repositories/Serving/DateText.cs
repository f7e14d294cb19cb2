namespace Pm.Repositories.Serving;

/// <summary>The time as HTTP writes it, made once a second.</summary>
public sealed class DateText(TimeProvider time)
{
    volatile Made _made = new(DateTimeOffset.MinValue, "");

    public string Now
    {
        get
        {
            var now = HttpDate.Cut(time.GetUtcNow());
            var made = _made;
            return made.Second == now ? made.Text : (_made = new Made(now, HttpDate.Format(now))).Text;
        }
    }

    sealed record Made(DateTimeOffset Second, string Text);
}
