using Pm.Linux;
using Pm.Repositories.Browsing;

namespace Pm.Repositories.Serving;

/// <content>What it says, read when it is asked for, once for each state.</content>
public sealed partial class ServedRepository
{
    /// <summary>
    /// Whoever changes a repository writes its index after the timestamp; that of a large one takes its time. So long what
    /// was said before is said again: to make an index here as well would cost more than waiting.
    /// </summary>
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>Of what it says: held while that is read, which of a large one takes its time.</summary>
    readonly Lock _reading = new();
    readonly TimeProvider _time;
    RepositoryView? _view;
    RepositoryCatalogue? _catalogue;
    FileStatus? _olderIndex;
    DirectoryHandle? _readFrom;
    int? _readAt;
    (int Changes, DateTimeOffset Until, RepositoryException Why)? _failure;

    /// <summary>What it says now. Of a large one it may lag behind its timestamp for some seconds.</summary>
    /// <exception cref="RepositoryException">PM5008: its metadata is missing or damaged.</exception>
    public RepositoryView View
    {
        get
        {
            _ = Refresh();
            lock (_reading)
            {
                return _readAt == _changes && _view is not null ? _view : Look();
            }
        }
    }

    /// <summary>What it offers now, for who looks for something.</summary>
    /// <exception cref="RepositoryException">PM5008: its metadata is missing or damaged.</exception>
    public RepositoryCatalogue Catalogue
    {
        get
        {
            var view = View;
            lock (_reading)
            {
                return _catalogue?.View == view ? _catalogue : _catalogue = new RepositoryCatalogue(view, _catalogue, PublishedAt);
            }
        }
    }

    RepositoryView Look()
    {
        // Before anything is read: what changes meanwhile is looked at the next time.
        var changes = _changes;
        var directory = _directory;
        if (_failure is { } failure && failure.Changes == changes && _time.GetUtcNow() < failure.Until)
        {
            throw new RepositoryException(failure.Why.Code, failure.Why.Message, failure.Why.Hint, failure.Why);
        }

        if (!ReferenceEquals(_readFrom, directory))
        {
            // Another directory stands there now: what the old one said is no help.
            (_view, _readFrom) = (null, directory);
        }

        try
        {
            return Read(directory, changes);
        }
        catch (RepositoryException error)
        {
            // All of it is read again when it changes, or when somebody may have mended it; not for every request.
            _failure = (changes, _time.GetUtcNow() + Patience, error);
            throw;
        }
    }

    RepositoryView Read(DirectoryHandle directory, int changes)
    {
        var index = ServedIndex.Status(Path);
        var mayWait = _view is not null && index is not null && TimestampStatus() is { } timestamp
            && _time.GetUtcNow() < timestamp.Modified + Patience;
        if (mayWait && index == _olderIndex)
        {
            return _view!;
        }

        var state = RepositoryState.Load(directory);
        if (ServedIndex.Read(Path, state, isMade: !mayWait) is not { } read)
        {
            _olderIndex = index;
            return _view!;
        }

        _readAt = changes;
        return _view = new RepositoryView(state, read);
    }
}
