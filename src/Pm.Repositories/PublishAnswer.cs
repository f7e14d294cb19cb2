using System.Runtime.ExceptionServices;

namespace Pm.Repositories;

/// <summary>What became of a <see cref="PublishRequest"/>: its items, or why there are none.</summary>
public sealed class PublishAnswer
{
    readonly IReadOnlyList<PublishedItem> _items;

    internal PublishAnswer(IReadOnlyList<PublishedItem> items) => _items = items;

    internal PublishAnswer(Exception refusal, int refusedFile)
    {
        _items = [];
        Refusal = refusal;
        RefusedFile = refusedFile;
    }

    /// <summary>Null: everything is published.</summary>
    public Exception? Refusal { get; }

    /// <summary>Which of the request's files was refused; those behind it were not looked at.</summary>
    public int? RefusedFile { get; }

    /// <summary>What was published. Where it was refused this throws what says why.</summary>
    public IReadOnlyList<PublishedItem> Items
    {
        get
        {
            if (Refusal is not null)
            {
                ExceptionDispatchInfo.Throw(Refusal);
            }

            return _items;
        }
    }
}
