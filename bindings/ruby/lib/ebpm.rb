# frozen_string_literal: true

require "json"

# Runs eBPF objects and programs through pm, which is all that is needed.
#
#   run = Ebpm.open_and_run("execsnoop")
#   run.each { |event| p event }
#   run.stop
module Ebpm
  # What pm refuses. code is "PMnnnn", which `pm explain` explains; hint a command that helps, or nil; exit what pm would have ended with.
  class Error < StandardError
    attr_reader :code, :hint, :exit

    def initialize(message, code = "PM0001", hint = nil, exit = 1)
      super(message)
      @code, @hint, @exit = code, hint, exit
    end
  end

  # Runs an eBPF object or a program, by name, path or URL; returns when it is attached. Options are those of docs/rpc.md: duration: "5s".
  def self.open_and_run(target, *arguments, **options)
    Run.new(target, arguments, options)
  end

  # Any other method of docs/rpc.md: Ebpm.call("install", packages: "execsnoop").
  def self.call(method, **parameters)
    session = Session.new
    session.answer(session.send_request(method, parameters))
  ensure
    session&.close
  end

  # A `pm rpc` of its own.
  class Session
    def initialize
      executable = ENV["PM_EXECUTABLE"].to_s.empty? ? "pm" : ENV["PM_EXECUTABLE"]
      @pipe = IO.popen([executable, "rpc"], "r+", external_encoding: Encoding::UTF_8)
      @last = 0
    rescue SystemCallError => e
      raise Error.new(e.message, "PM0008", "install pm, or name it in PM_EXECUTABLE", 4)
    end

    def send_request(method, parameters)
      @last += 1
      @pipe.puts(JSON.generate({ jsonrpc: "2.0", id: @last, method: method, params: parameters.compact }))
      @pipe.flush
      @last
    rescue Errno::EPIPE
      @last # The end of what it says tells more.
    end

    def receive
      line = @pipe.gets or raise Error.new("pm ended and did not say why", "PM8081")
      JSON.parse(line)
    end

    # Waits for an answer; all that comes before it is given to the block.
    def answer(number)
      loop do
        message = receive
        if message.key?("method") || message["id"] != number
          yield message if block_given?
        elsif (error = message["error"])
          data = error["data"] || {}
          raise Error.new(error["message"], data.fetch("code", "PM1002"), data["hint"], data.fetch("exit", 2))
        else
          return message["result"]
        end
      end
    end

    def close
      return if @pipe.closed?

      @pipe.close_write
      nil while @pipe.gets
      @pipe.close
    end
  end
  private_constant :Session

  # Something that runs. Iterate over it: the events of an object (Hash), or the lines of a program (String).
  class Run
    include Enumerable

    # What is told besides, lines; what is attached; what the kernel refused of the object.
    attr_reader :kind, :log, :programs, :refused

    def initialize(target, arguments, options)
      @events, @end, @log, @session = [], nil, [], Session.new
      about = @session.answer(@session.send_request("run", { target: target, arguments: arguments.map(&:to_s), **options }))
      @id, @kind, @programs, @refused = about.values_at("id", "kind", "programs", "refused")
    rescue StandardError
      @session&.close
      raise
    end

    # The next event or line; nil when it has ended.
    def next_event
      while @events.empty?
        if @end
          @session.close
          return nil
        end
        take(@session.receive)
      end
      @events.shift
    end

    def each
      return enum_for(:each) unless block_given?

      while (event = next_event)
        yield event
      end
    end

    # Detaches it; how it ended: "code", "lost".
    def stop
      if @end.nil?
        begin
          @session.answer(@session.send_request("stop", { id: @id })) { |message| take(message) }
        rescue Error => e
          raise if @end.nil? || e.code != "PM8082" # It ended by itself meanwhile.
        end
        @session.close
      end
      @end
    end

    private

    def take(message)
      parameters = message.fetch("params", {})
      case message["method"]
      when "event" then @events << parameters["data"]
      when "output" then @events << parameters["text"]
      when "log" then @log << parameters["text"]
      when "end" then @end = parameters.slice("code", "lost")
      end
    end
  end
end
