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

    readonly TimeProvider _time;
    RepositoryView? _view;
    RepositoryCatalogue? _catalogue;
    FileStatus? _olderIndex;
    bool _isCurrent;

    /// <summary>What it says now. Of a large one it may lag behind its timestamp for some seconds.</summary>
    /// <exception cref="RepositoryException">PM5008: its metadata is missing or damaged.</exception>
    public RepositoryView View
    {
        get
        {
            _ = Refresh();
            lock (_gate)
            {
                return _isCurrent && _view is not null ? _view : Look();
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
            lock (_gate)
            {
                return _catalogue?.View == view ? _catalogue : _catalogue = new RepositoryCatalogue(view, _catalogue, PublishedAt);
            }
        }
    }

    RepositoryView Look()
    {
        var index = ServedIndex.Status(Path);
        var mayWait = _view is not null && index is not null && TimestampStatus() is { } timestamp
            && _time.GetUtcNow() < timestamp.Modified + Patience;
        if (mayWait && index == _olderIndex)
        {
            return _view!;
        }

        var state = RepositoryState.Load(_directory);
        if (ServedIndex.Read(Path, state, isMade: !mayWait) is not { } read)
        {
            _olderIndex = index;
            return _view!;
        }

        _isCurrent = true;
        return _view = new RepositoryView(state, read);
    }
}
