using Pm.Packages;

namespace Pm.Repositories.Publishing;

/// <summary>Something that waits for its turn at the <see cref="PublishingDesk"/>.</summary>
abstract class DeskJob(Publisher publisher)
{
    public Publisher Publisher { get; } = publisher;

    public abstract void Fail(Exception error);

    /// <summary>Packages that become visible together or not at all.</summary>
    public sealed class Publish(Publisher publisher, IReadOnlyList<UploadName> uploads) : DeskJob(publisher)
    {
        public IReadOnlyList<UploadName> Uploads { get; } = uploads;

        public TaskCompletionSource<IReadOnlyList<PublishedItem>> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>The package that was looked at last: where it is refused, this is what was refused.</summary>
        public PackageId? LookedAt { get; set; }

        public override void Fail(Exception error) => Answer.TrySetException(error);
    }

    /// <summary>A version that is withdrawn, or no longer.</summary>
    public sealed class Yank(Publisher publisher, PackageId package, string? reason, bool isUndone) : DeskJob(publisher)
    {
        public PackageId Package { get; } = package;

        public string? Reason { get; } = reason;

        public bool IsUndone { get; } = isUndone;

        /// <summary>Whether anything changed.</summary>
        public TaskCompletionSource<bool> Answer { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Fail(Exception error) => Answer.TrySetException(error);
    }
}
