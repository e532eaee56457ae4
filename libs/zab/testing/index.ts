export { describeTransactionLog, entryBytes, type TransactionLogHandle } from './transaction-log-contract.js';
